import Foundation

/// Any JSON value.
enum JSON: Hashable, Decodable {
    case object([String: JSON])
    case list([JSON])
    case text(String)
    case number(Double)
    case boolean(Bool)
    case null

    init(_ data: Data) throws { self = try JSONDecoder().decode(JSON.self, from: data) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let object = try? container.decode([String: JSON].self) {
            self = .object(object)
        } else if let list = try? container.decode([JSON].self) {
            self = .list(list)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    subscript(member: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[member]
    }

    /// The paths of what `other` lacks or has otherwise; it may have more.
    func missing(in other: JSON?, at path: String = "") -> [String] {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            members.flatMap { $1.missing(in: others[$0], at: "\(path)/\($0)") }.sorted()
        default: self == other ? [] : [path]
        }
    }
}
