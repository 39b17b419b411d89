/// The elements of an array, one after the other.
struct UnkeyedContainer<Source: DecodingSource>: UnkeyedDecodingContainer {
    let source: Source
    private(set) var currentIndex = 0

    init(source: Source) { self.source = source }

    var codingPath: [any CodingKey] { source.codingPath }
    var count: Int? { source.elementCount }
    var isAtEnd: Bool { currentIndex >= (source.elementCount ?? 0) }

    private mutating func next() throws -> Position {
        guard !isAtEnd else {
            throw DecodingError.dataCorruptedError(in: self, debugDescription: "liste trop courte")
        }
        currentIndex += 1
        return .element(currentIndex - 1)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, source.isNull(.element(currentIndex)) else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try source.value(type, next()) }

    mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) throws
        -> KeyedDecodingContainer<NestedKey>
    {
        try source.nested(next()).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try source.nested(next()).unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try source.nested(next()) }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try source.scalar(next()) }
    mutating func decode(_ type: String.Type) throws -> String { try source.scalar(next()) }
    mutating func decode(_ type: Double.Type) throws -> Double { try source.scalar(next()) }
    mutating func decode(_ type: Float.Type) throws -> Float { try source.scalar(next()) }
    mutating func decode(_ type: Int.Type) throws -> Int { try source.scalar(next()) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try source.scalar(next()) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try source.scalar(next()) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try source.scalar(next()) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try source.scalar(next()) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try source.scalar(next()) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try source.scalar(next()) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try source.scalar(next()) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try source.scalar(next()) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try source.scalar(next()) }
}
