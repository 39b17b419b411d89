/// System calls that Swift's Glibc module leaves out: as free as Glibc itself.
private let system = "CSystem"

extension Check {
    static let oneOwnerPerCLibrary = Check(
        rule: "A C library is imported by one shared module, and never as part of its interface",
        find: { tree in
            var owners: [String: Substring] = [:]
            return tree.swift.sorted { $0.path < $1.path }.flatMap { file in
                file.imports.filter { isCLibrary($0.module, in: tree) }.compactMap { used in
                    if file.lines[used.line - 1].hasPrefix("package ") {
                        return file.finding("\(used.module) shows in the interface of its module", line: used.line)
                    }
                    guard used.module != system else { return nil }
                    let module = file.folders.dropFirst().first ?? ""
                    guard file.folders.first == "Shared" else {
                        return file.finding("\(used.module) belongs to a shared module: use that", line: used.line)
                    }
                    let owner = owners[used.module, default: module]
                    owners[used.module] = owner
                    return owner == module
                        ? nil : file.finding("\(used.module) belongs to \(owner): use that", line: used.line)
                }
            }
        },
        breaches: [
            Tree([
                "Shared/C/CPostgres/shim.h": "", "Shared/Postgres/Row.swift": "internal import CPostgres",
                "Shared/Tenancy/Store.swift": "import CPostgres",
            ]),
            Tree([
                "Shared/C/CPostgres/shim.h": "", "Services/Booking/Service/Store/Rows.swift": "import CPostgres",
            ]),
            Tree(["Shared/C/CPostgres/shim.h": "", "Shared/Postgres/Row.swift": "package import CPostgres"]),
        ],
        observances: [
            Tree([
                "Shared/C/CPostgres/shim.h": "", "Shared/Postgres/Row.swift": "internal import CPostgres",
                "Shared/Postgres/SQL.swift": "import CPostgres",
            ]),
            Tree([
                "Shared/C/CSystem/shim.h": "", "Shared/AMQP/Wakeup.swift": "import CSystem",
                "Shared/EventLoop/Loop.swift": "import CSystem",
            ]),
        ])
}

private func isCLibrary(_ module: String, in tree: Tree) -> Bool {
    module.hasPrefix("C") && tree.contains("Shared/C/\(module)")
}
