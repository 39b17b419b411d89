private let emptyNames: Set<Substring> = [
    "base", "common", "extensions", "helpers", "kit", "managers", "misc", "models", "protocols", "utils", "utilities",
]

extension Check {
    static let folderNames = Check(
        rule: "A folder is named after what its code is about",
        find: { tree in
            tree.files.compactMap { file in
                let name = file.folders.first { emptyNames.contains(Substring($0.lowercased())) }
                return name.map { file.finding("\($0) names no subject: group what changes together") }
            }
        },
        breaches: [
            Tree(["Shared/Utils/A.swift": ""]),
            Tree(["Services/Booking/Domain/Models/Slot.swift": ""]),
        ],
        observances: [Tree(["Shared/Runtime/Utils.swift": ""])])
}
