/// A YAML document, as far as the documents need it.
enum YAML {
    case text(String)
    case number(Int)
    case list([YAML])
    case object([Member])
    /// A JSON document, which is YAML as it is.
    case json(String)

    /// A member of an object.
    struct Member {
        let key: String
        let value: YAML
    }

    /// An object with these members, in this order.
    static func map(_ members: [(key: String, value: YAML)]) -> YAML {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }

    static func reference(_ path: String) -> YAML { .map([("$ref", .text("#/\(path)"))]) }
}

extension YAML {
    /// The document in lines of at most `width` characters, where words allow.
    func lines(width: Int = 120) -> [String] {
        switch self {
        case .text, .number: [inline(width: .max) ?? ""]
        case .json(let text): text.split(separator: "\n").map(String.init)
        case .object(let members): members.flatMap { Self.member($0.key, $0.value, width) }
        case .list(let items):
            items.flatMap { item in
                let lines = item.inline(width: width - 2).map { [$0] } ?? item.lines(width: width - 2)
                return zip(lines.indices, lines).map { ($0 == 0 ? "- " : "  ") + $1 }
            }
        }
    }

    private static func member(_ key: String, _ value: YAML, _ width: Int) -> [String] {
        if let line = value.inline(width: width - key.count - 2) { return ["\(key): \(line)"] }
        if case .text(let text) = value {
            return ["\(key): >-"] + text.folded(width: width - 2).map { "  " + $0 }
        }
        return ["\(key):"] + value.lines(width: width - 2).map { "  " + $0 }
    }

    /// The value on one line; nil when it is too long or nested too deeply to be read there.
    private func inline(width: Int) -> String? {
        let line: String
        switch self {
        case .text(let text): line = Self.scalar(text, besides: ",")
        case .json: return nil
        default:
            guard isFlat else { return nil }
            line = flow
        }
        return line.count <= width ? line : nil
    }

    /// Whether the value nests nothing but references.
    private var isFlat: Bool {
        switch self {
        case .text, .number: true
        case .json: false
        case .list(let items): items.allSatisfy(\.isLeaf)
        case .object(let members): members.allSatisfy(\.value.isLeaf)
        }
    }

    private var isLeaf: Bool {
        switch self {
        case .text, .number: true
        case .object(let members): members.count == 1 && members[0].key == "$ref"
        default: false
        }
    }

    private var flow: String {
        switch self {
        case .text(let text): Self.scalar(text)
        case .number(let number): "\(number)"
        case .list(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
        case .object(let members): "{ \(members.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ")) }"
        case .json(let text): text
        }
    }

    /// The text, in quotes unless it consists of letters, digits and characters without a meaning in YAML.
    private static func scalar(_ text: String, besides allowed: String = "") -> String {
        let isPlain =
            text.first.map { $0.isASCII && $0.isLetter || $0 == "/" } == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || " /_.;()+-<>`=\(allowed)".contains($0) }
            && text.last != " " && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text)
        return isPlain
            ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}

extension String {
    /// The text in lines of at most `width` characters, where words allow.
    func folded(width: Int) -> [String] {
        split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }
}
