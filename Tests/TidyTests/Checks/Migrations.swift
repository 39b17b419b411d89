extension Check {
    static let migrations = Check(
        rule: "Migrations are numbered without a gap and name no schema",
        find: { tree in
            let files = tree.files.filter { $0.folders.last == "Migrations" }
            return Dictionary(grouping: files, by: series).flatMap(misnumbered) + files.flatMap(schemaNames)
        },
        breaches: [
            Tree(["Services/A/Service/Migrations/V0002_a.sql": ""]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "", "Shared/A/Migrations/V0003_b.sql": ""]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "", "Shared/A/Migrations/V0001_b.sql": ""]),
            Tree(["Shared/A/Migrations/1_a.sql": ""]),
            Tree(["Shared/A/Migrations/R0001_a.sql": "", "Shared/A/Migrations/V0002_b.sql": ""]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "CREATE TABLE booking.slots (id uuid);"]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "create table if not exists \"booking\".slots();"]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "a uuid REFERENCES\n    public.slots(id)"]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "CREATE SCHEMA booking;"]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "SET search_path = booking;"]),
            Tree(["Shared/A/Migrations/V0001_a.sql": "CREATE FUNCTION f() SET search_path FROM booking AS $$ $$;"]),
        ],
        observances: [
            Tree([
                "Shared/A/Migrations/V0001_a.sql":
                    "-- FROM booking.slots\nSELECT a.b FROM slots a JOIN c ON c.a = a.b;",
                "Shared/A/Migrations/V0002_b.sql": "UPDATE slots SET note = 'FROM a.b';",
                "Shared/A/Migrations/V0003_c.sql": "CREATE FUNCTION f() SET search_path FROM CURRENT AS $$ $$;",
                "Shared/B/Migrations/R0001_a.sql": "",
                "Shared/B/Migrations/V0001_a.sql": "SELECT 1.5 WHERE new.a IS DISTINCT FROM old.a;",
            ])
        ])
}

/// A folder has up to two series: `V` for the schema of each tenant, `R` for the registry that a service has once.
private func series(_ file: SourceFile) -> String {
    let folder = file.folders.joined(separator: "/")
    return folder + (file.path.hasPrefix(folder + "/R") ? "/R" : "/V")
}

private func misnumbered(_ series: String, _ files: [SourceFile]) -> [Finding] {
    files.sorted { $0.path < $1.path }.enumerated().compactMap { index, file in
        let digits = String(10_000 + index + 1).dropFirst()
        guard !file.path.hasPrefix("\(series)\(digits)_") || !file.path.hasSuffix(".sql") else { return nil }
        return file.finding("number \(index + 1) of its series must be called \(series)\(digits)_<what it does>.sql")
    }
}

/// Words behind which the name of a table, type, function or schema stands.
private let introducers: Set = [
    "exists", "from", "function", "index", "into", "join", "references", "sequence", "table", "trigger", "type",
    "update", "view",
]

private func schemaNames(_ file: SourceFile) -> [Finding] {
    let words = bare(file.lines).split { $0.isWhitespace || "(),;".contains($0) }.map { $0.lowercased() }
    var findings: [Finding] = []
    for (index, word) in words.enumerated() {
        let before = index > 0 ? words[index - 1] : ""
        let isDistinctFrom = index > 1 && words[index - 2] == "distinct"
        if introducers.contains(before), !isDistinctFrom, word.contains(".") {
            findings.append(file.finding("\(word) names a schema: the search path decides whose table it is"))
        }
        // A function may keep the search path with which the migrator made it.
        let isKept = word == "search_path" && words[(index + 1)...].starts(with: ["from", "current"])
        if word == "search_path" && !isKept || (word == "schema" && ["create", "drop", "alter"].contains(before)) {
            findings.append(file.finding("\(before) \(word): the migrator chooses the schema"))
        }
    }
    return findings
}

/// SQL without its comments and the contents of its strings.
private func bare(_ lines: [Substring]) -> String {
    let code = lines.map { line in line.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false)[0] }
    return code.joined(separator: "\n").split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: " ")
}
