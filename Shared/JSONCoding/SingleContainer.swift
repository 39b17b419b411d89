/// A value on its own.
struct SingleContainer<Source: DecodingSource>: SingleValueDecodingContainer {
    let source: Source

    var codingPath: [any CodingKey] { source.codingPath }

    func decodeNil() -> Bool { source.isNull(.itself) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try source.value(type, .itself) }

    func decode(_ type: Bool.Type) throws -> Bool { try source.scalar(.itself) }
    func decode(_ type: String.Type) throws -> String { try source.scalar(.itself) }
    func decode(_ type: Double.Type) throws -> Double { try source.scalar(.itself) }
    func decode(_ type: Float.Type) throws -> Float { try source.scalar(.itself) }
    func decode(_ type: Int.Type) throws -> Int { try source.scalar(.itself) }
    func decode(_ type: Int8.Type) throws -> Int8 { try source.scalar(.itself) }
    func decode(_ type: Int16.Type) throws -> Int16 { try source.scalar(.itself) }
    func decode(_ type: Int32.Type) throws -> Int32 { try source.scalar(.itself) }
    func decode(_ type: Int64.Type) throws -> Int64 { try source.scalar(.itself) }
    func decode(_ type: UInt.Type) throws -> UInt { try source.scalar(.itself) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try source.scalar(.itself) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try source.scalar(.itself) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try source.scalar(.itself) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try source.scalar(.itself) }
}
