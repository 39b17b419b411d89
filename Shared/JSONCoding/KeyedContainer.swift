/// The fields of an object, for the synthesised `init(from:)` of a type.
struct KeyedContainer<Source: DecodingSource, Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: Source

    var codingPath: [any CodingKey] { source.codingPath }
    var allKeys: [Key] { source.fieldNames.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { source.hasField(key.stringValue) }
    func decodeNil(forKey key: Key) throws -> Bool { source.isNull(.field(key.stringValue)) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try source.value(type, .field(key.stringValue))
    }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<NestedKey>
    {
        try source.nested(.field(key.stringValue)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try source.nested(.field(key.stringValue)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try source.nested(.field("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try source.nested(.field(key.stringValue)) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try source.scalar(.field(key.stringValue)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try source.scalar(.field(key.stringValue)) }
}
