import FoundationEssentials
import JSONCoding
import Primitives
import Testing

@Suite("Writing JSON")
struct JSONOutputTests {
    private struct Everything: Encodable {
        var text = "à « Cité\u{2028}109 », 1/2 \"\\\u{0}\u{1}\u{8}\t\n\u{C}\r\u{1F}\u{7F}🦷"
        var no = false
        var least = Int64.min
        var most = UInt64.max
        var small = UInt8(7)
        var half = 0.5
        var whole = 12.0
        var great = 1e300
        var single = Float(0.25)
        var missing: Int?
        var list: [Int?] = [3, nil, 1]
        var lists = [[String]](repeating: [], count: 2)
        var table = ["b": ["z": 1.5], "a": [:], "é": ["y": -2], "A": ["x": 0], "\"\\\n": [:]]
        var zero = Empty()
        var choices: [Choice] = [.one, .other(12, of: "x")]
        var identity = UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
    }

    private struct Empty: Encodable {}

    /// The compiler encodes it in nested containers.
    private enum Choice: Encodable { case one, other(Int, of: String) }

    /// Any document, encoded by every kind of container.
    private indirect enum Document: Encodable {
        case scalar(Int64?), text(String), number(Double)
        case array([Document], nested: Bool)
        case object([(String, Document)], nested: Bool)

        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .scalar(let value):
                var container = encoder.singleValueContainer()
                try container.encode(value)
            case .text(let value): try value.encode(to: encoder)
            case .number(let value): try value.encode(to: encoder)
            case .array(let items, let nested):
                var container = encoder.unkeyedContainer()
                for item in items {
                    if nested {
                        try item.encode(to: container.superEncoder())
                    } else {
                        try container.encode(item)
                    }
                }
            case .object(let members, let nested):
                var container = encoder.container(keyedBy: Key.self)
                for (key, member) in members {
                    if nested {
                        var inner = container.nestedUnkeyedContainer(forKey: Key(stringValue: key))
                        try inner.encode(member)
                        var deeper = inner.nestedContainer(keyedBy: Key.self)
                        try deeper.encode(member, forKey: Key(stringValue: "x"))
                    } else {
                        try container.encode(member, forKey: Key(stringValue: key))
                    }
                }
            }
        }

        static func random(_ depth: Int) -> Document {
            let nested = Bool.random()
            return switch Int.random(in: 0..<(depth > 0 ? 5 : 3)) {
            case 0: .scalar(Bool.random() ? nil : .random(in: .min ... .max))
            case 1: .text(randomText())
            case 2: .number(Double(bitPattern: .random(in: 0...0x7FE0_0000_0000_0000)) * (Bool.random() ? 1 : -1))
            case 3: .array((0..<Int.random(in: 0...4)).map { _ in random(depth - 1) }, nested: nested)
            default:
                .object(
                    (0..<Int.random(in: 0...4)).map { (randomText().filter(\.isASCII) + "\($0)", random(depth - 1)) },
                    nested: nested)
            }
        }

        static func randomText() -> String {
            let scalars = Array("\"\\/\u{0}\u{8}\t\n\u{1F}\u{7F}aZ0é\u{2028}🦷e\u{301}".unicodeScalars)
            var text = ""
            for _ in 0..<Int.random(in: 0...12) { text.unicodeScalars.append(scalars.randomElement() ?? "a") }
            return text
        }
    }

    /// The expected result is Foundation's.
    private func expected(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func written(_ value: some Encodable) throws -> String {
        try JSONOutput.text(value)
    }

    @Test("equals the output of Foundation, byte for byte")
    func likeFoundation() throws {
        #expect(try written(Everything()) == expected(Everything()))
        #expect(try written([Everything(), Everything()]) == expected([Everything(), Everything()]))
        #expect(try written("texte") == "\"texte\"")
        #expect(try written([Int]()) == "[]")
        #expect(try written(Int?.none) == "null")
    }

    @Test("equals the output of Foundation for random documents, in any containers and order")
    func random() throws {
        for _ in 0..<2_000 {
            let document = Document.random(4)
            #expect(try written(document) == expected(document))
        }
    }

    @Test("a nested container keeps its place, whenever it is filled in")
    func late() throws {
        struct Late: Encodable {
            func encode(to encoder: any Encoder) throws {
                var items = encoder.unkeyedContainer()
                var first = items.nestedUnkeyedContainer()
                var second = items.nestedContainer(keyedBy: Document.Key.self)
                try items.encode("last")
                try second.encode(2, forKey: .init(stringValue: "n"))
                try first.encode(1)
            }
        }
        #expect(try written(Late()) == #"[[1],{"n":2},"last"]"#)
    }

    @Test("of two members with one name the later one wins")
    func repeated() throws {
        struct Twice: Encodable {
            enum Keys: String, CodingKey { case name, after }
            func encode(to encoder: any Encoder) throws {
                var members = encoder.container(keyedBy: Keys.self)
                try members.encode(1, forKey: .name)
                try members.encode(true, forKey: .after)
                var more = encoder.container(keyedBy: Keys.self)
                try more.encode("deux", forKey: .name)
            }
        }
        #expect(try written(Twice()) == #"{"after":true,"name":"deux"}"#)
    }

    private struct Plain: Encodable {
        var id = Identifier<Self>(UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)))
        var inner: Inner?
        var name = "à \"109\"\n"
        var size = -12
        var time = Instant(seconds: 1_795_000_000)
        struct Inner: Encodable { var name = "\\" }
    }

    private struct Written: JSONWritable {
        let plain: Plain
        func write(to object: inout JSONObject) {
            object.member("id", plain.id)
            object.member("inner", plain.inner.map(Inner.init))
            object.member("name", plain.name)
            object.member("size", plain.size)
            object.member("time", plain.time)
        }
        struct Inner: JSONWritable {
            let plain: Plain.Inner
            func write(to object: inout JSONObject) { object.member("name", plain.name) }
        }
    }

    private struct PlainList: Encodable {
        var isCut = true
        var items: [Plain]
        var last = false
    }

    private struct WrittenList: JSONWritable {
        let plain: [Plain]
        func write(to object: inout JSONObject) {
            object.member("isCut", true)
            object.member("items", plain.map(Written.init))
            object.member("last", false)
        }
    }

    @Test("a value that writes itself equals the synthesised encoding, also inside other values")
    func writesItself() throws {
        let plain = [Plain(), Plain(inner: .init())]
        #expect(try written(plain.map(Written.init)) == expected(plain))
        #expect(try written(["a": plain.map(Written.init), "b": []]) == expected(["a": plain, "b": []]))
        #expect(try written(WrittenList(plain: plain)) == expected(PlainList(items: plain)))
        #expect(try written(WrittenList(plain: [])) == expected(PlainList(items: [])))
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(Written(plain: plain[0])) }
    }

    @Test("a number that JSON does not have is refused", arguments: [Double.nan, .infinity, -.infinity])
    func noNumber(_ number: Double) {
        #expect(throws: EncodingError.self) { try JSONOutput.encode(["n": number]) }
    }
}
