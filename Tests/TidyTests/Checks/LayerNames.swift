extension Check {
    /// Inside one module the compiler lets every folder use every other: names are compared as imports are.
    static let layerNames = Check(
        rule: "Code of a service names only types of its own layer and of those below",
        find: { tree in
            let services = Set(tree.swift(in: "Services").map { $0.folders[1] })
            return services.sorted().flatMap { names(above: tree.swift(in: "Services/\($0)/Service")) }
        },
        breaches: [
            example("Store/Rows.swift", "func read() -> SlotInput { SlotInput() }"),
            example("Store/Rows.swift", "let command: TakeSlot"),
            example("Views/SlotView.swift", "let rows: SlotRows?"),
            example("Commands/Other.swift", "struct Other { let input: [SlotInput] }"),
            example("Queries/Other.swift", "struct Other { let service: BookingService }"),
        ],
        observances: [
            example(
                "Store/Rows.swift", "func read() -> SlotView { SlotView() }\n// not SlotInput\nlet text = \"SlotInput\""
            ),
            example("Store/Rows.swift", "struct Rows {\n    struct SlotInput {}\n    let input: SlotInput\n}"),
            example("Store/Rows.swift", "let input = Other.SlotInput()"),
            example("Routes/Other.swift", "let service: BookingService\nlet command: TakeSlot"),
            example("Commands/Other.swift", "let query: FindSlots\nlet rows: SlotRows"),
            example("BookingService.swift", "final class BookingService { let takeSlot: TakeSlot }"),
        ])

    private static func example(_ path: String, _ code: String) -> Tree {
        Tree([
            "Services/Booking/Service/Routes/SlotInput.swift": "struct SlotInput: Codable {}",
            "Services/Booking/Service/Commands/TakeSlot.swift": "@EventLoop\nstruct TakeSlot {}",
            "Services/Booking/Service/Queries/FindSlots.swift": "struct FindSlots {}",
            "Services/Booking/Service/Store/SlotRows.swift": "enum SlotRows {}",
            "Services/Booking/Service/Views/SlotView.swift": "package struct SlotView {}",
            "Services/Booking/Service/Main.swift": "package final class BookingService {}",
            "Services/Booking/Service/\(path)": code,
        ])
    }
}

private func names(above files: [SourceFile]) -> [Finding] {
    let ranked = files.compactMap { file in Layer.of(file).map { RankedFile(file, $0) } }
    return ranked.flatMap { user -> [Finding] in
        var higher: [String: Layer] = [:]
        // Edges are made by the service and may hold it.
        for other in ranked where other.layer.rank > (user.layer.rank == 3 ? 4 : user.layer.rank) {
            for name in other.types { higher[name] = other.layer }
        }
        for known in ranked where known.layer.rank <= user.layer.rank {
            for name in known.allTypes { higher[name] = nil }
        }
        return user.file.code.names.filter { higher[$0.name] != nil }.map { name, line in
            user.file.finding(
                "\(user.layer.folder) does not name \(name) of \(higher[name]?.folder ?? ""): \(user.layer.instead)",
                line: line)
        }
    }
}

private struct RankedFile {
    let file: SourceFile
    let layer: Layer
    /// The types that the file declares outside of others.
    let types: [String]
    /// All types that it declares.
    let allTypes: [String]

    init(_ file: SourceFile, _ layer: Layer) {
        (self.file, self.layer) = (file, layer)
        let declaration =
            /(?:^|\n)( *)(?:(?:package|private|fileprivate|final|indirect|nonisolated|@\w+) )*(?:struct|class|enum|protocol|actor|typealias) (\w+)/
        let found = String(decoding: file.code.bytes, as: UTF8.self).matches(of: declaration)
        types = found.filter { $0.1.isEmpty }.map { String($0.2) }
        allTypes = found.map { String($0.2) }
    }
}

extension SwiftCode {
    /// The names that begin with a capital letter and are not members, as types are written, each with its line.
    fileprivate var names: [(name: String, line: Int)] {
        var (found, start, line): ([(name: String, line: Int)], Int?, Int) = ([], nil, 1)
        for index in 0...bytes.count {
            let byte = index < bytes.count ? bytes[index] : 0
            if byte.isNamePart {
                start = start ?? index
            } else if let first = start {
                if (0x41...0x5A).contains(bytes[first]), first == 0 || bytes[first - 1] != UInt8(ascii: ".") {
                    found.append((String(decoding: bytes[first..<index], as: UTF8.self), line))
                }
                start = nil
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
        return found
    }
}

extension UInt8 {
    fileprivate var isNamePart: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F
            || self >= 0x80
    }
}
