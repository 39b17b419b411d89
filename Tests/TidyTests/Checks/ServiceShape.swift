import Foundation

extension Check {
    static let serviceRoot = Check(
        rule: "A service has one file at its root, of at most 60 lines",
        find: { tree in
            tree.swift(in: "Services").filter { $0.folders.dropFirst(2) == ["Service"] }.flatMap { file -> [Finding] in
                let name = "\(file.folders[1])Service.swift"
                guard file.path.hasSuffix("/\(name)") else {
                    return [file.finding("\(name) alone lies here: this belongs into a layer")]
                }
                let length = file.lines.count - 1
                return length > 60 ? [file.finding("has \(length) lines: a service lists its parts")] : []
            }
        },
        breaches: [
            Tree(["Services/Booking/Service/Desk.swift": "struct Desk {}"]),
            Tree(["Services/Booking/Service/BookingService.swift": String(repeating: "let a = 1\n", count: 61)]),
        ],
        observances: [
            Tree(["Services/Booking/Service/BookingService.swift": String(repeating: "let a = 1\n", count: 60)]),
            Tree(["Services/Booking/Service/Views/SlotView.swift": String(repeating: "let a = 1\n", count: 61)]),
        ])

    static let statementsInStore = Check(
        rule: "The SQL of a service stands in its store",
        find: { tree in
            tree.swift(in: "Services").filter { $0.folders.dropFirst(2).prefix(2) != ["Service", "Store"] }.flatMap {
                file in
                file.lines.indices.filter { beginsStatement(file.lines[$0]) }.map {
                    file.finding("a statement: give it a name in Service/Store", line: $0 + 1)
                }
            }
        },
        breaches: [
            Tree(["Services/Booking/Service/Commands/A.swift": "try await store.query(\"SELECT 1\")"]),
            Tree([
                "Services/Booking/Service/Jobs/A.swift": "let a: SQL = \"\"\"\n    UPDATE slots SET a = 1\n    \"\"\""
            ]),
            Tree(["Services/Booking/Service/Queries/A.swift": "let a = store.batch([\"SELECT\", b])"]),
            Tree(["Services/Booking/Service/Routes/A.swift": "  \"DELETE FROM feeds WHERE practitioner = \\(id)\","]),
        ],
        observances: [
            Tree(["Services/Booking/Service/Store/A.swift": "let a: SQL = \"SELECT 1\""]),
            Tree(["Services/Booking/Service/Commands/A.swift": "// SELECT 1 is a statement.\nlet a = \"Selects\""]),
            Tree(["Shared/Messaging/A.swift": "let a: SQL = \"SELECT 1\""]),
        ])
}

private func beginsStatement(_ line: Substring) -> Bool {
    let text = line.trimmingCharacters(in: .whitespaces)
    guard !text.hasPrefix("//") else { return false }
    return text.firstMatch(of: /(?:^|")(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|COMMIT)(?:\s+\S|"|$)/) != nil
}
