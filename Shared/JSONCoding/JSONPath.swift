/// A place in a document, from the root down.
indirect enum JSONPath {
    case root
    case field(JSONPath, String)
    case element(JSONPath, Int)

    /// The JSON Pointer (RFC 6901) of this place.
    var pointer: String { Self.pointer(codingPath) }

    var codingPath: [any CodingKey] {
        switch self {
        case .root: []
        case .field(let parent, let name): parent.codingPath + [PathKey(name)]
        case .element(let parent, let index): parent.codingPath + [PathKey(index)]
        }
    }

    static func pointer(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { pointer, key in
            pointer += "/"
            for scalar in key.stringValue.unicodeScalars {
                switch scalar {
                case "~": pointer += "~0"
                case "/": pointer += "~1"
                default: pointer.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init(_ index: Int) { (stringValue, intValue) = (String(index), index) }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(intValue) }
}
