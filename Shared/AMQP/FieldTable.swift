internal import CRabbitMQ

/// Headers and arguments, in the types that the suite sends and reads.
typealias FieldTable = [String: FieldValue]

/// One value of a field table.
enum FieldValue: Hashable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case table(FieldTable)
}

/// Memory for the strings and tables of one call to librabbitmq, all freed together by ``recycle()``.
final class FieldPool {
    private let pool = UnsafeMutablePointer<amqp_pool_t>.allocate(capacity: 1)

    init() { init_amqp_pool(pool, 4096) }

    deinit {
        empty_amqp_pool(pool)
        pool.deallocate()
    }

    func recycle() { recycle_amqp_pool(pool) }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { utf8 in
            guard let source = utf8.baseAddress, !utf8.isEmpty, let target = amqp_pool_alloc(pool, utf8.count) else {
                return amqp_bytes_t(len: 0, bytes: nil)
            }
            target.copyMemory(from: source, byteCount: utf8.count)
            return amqp_bytes_t(len: utf8.count, bytes: target)
        }
    }

    func table(_ fields: FieldTable) -> amqp_table_t {
        guard !fields.isEmpty,
            let memory = amqp_pool_alloc(pool, fields.count * MemoryLayout<amqp_table_entry_t>.stride)
        else { return amqp_table_t(num_entries: 0, entries: nil) }
        let entries = memory.bindMemory(to: amqp_table_entry_t.self, capacity: fields.count)
        for (index, field) in fields.enumerated() {
            (entries + index).initialize(to: amqp_table_entry_t(key: bytes(field.key), value: value(field.value)))
        }
        return amqp_table_t(num_entries: Int32(fields.count), entries: entries)
    }

    private func value(_ field: FieldValue) -> amqp_field_value_t {
        var value = amqp_field_value_t()
        switch field {
        case .string(let text):
            value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            value.value.bytes = bytes(text)
        case .integer(let number):
            value.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            value.value.i64 = number
        case .boolean(let flag):
            value.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            value.value.boolean = flag ? 1 : 0
        case .table(let fields):
            value.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
            value.value.table = table(fields)
        }
        return value
    }
}

extension String {
    /// Text from the broker; invalid UTF-8 is replaced.
    init(_ bytes: amqp_bytes_t) {
        self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}

extension amqp_table_t {
    /// The fields that have a plain textual form; arrays and nested tables are left out.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for entry in UnsafeBufferPointer(start: entries, count: Int(num_entries)) {
            texts[String(entry.key)] = entry.value.text
        }
        return texts
    }
}

extension amqp_field_value_t {
    fileprivate var text: String? {
        switch amqp_field_value_kind_t(UInt32(kind)) {
        case AMQP_FIELD_KIND_UTF8, AMQP_FIELD_KIND_BYTES: String(value.bytes)
        case AMQP_FIELD_KIND_BOOLEAN: value.boolean == 0 ? "false" : "true"
        case AMQP_FIELD_KIND_I8: String(value.i8)
        case AMQP_FIELD_KIND_U8: String(value.u8)
        case AMQP_FIELD_KIND_I16: String(value.i16)
        case AMQP_FIELD_KIND_U16: String(value.u16)
        case AMQP_FIELD_KIND_I32: String(value.i32)
        case AMQP_FIELD_KIND_U32: String(value.u32)
        case AMQP_FIELD_KIND_I64: String(value.i64)
        case AMQP_FIELD_KIND_U64, AMQP_FIELD_KIND_TIMESTAMP: String(value.u64)
        default: nil
        }
    }
}
