import CJansson

/// A parsed document; it owns the memory of its nodes.
final class JSONTree {
    let root: JSONNode

    /// Throws ``InvalidInput`` if `bytes` is not a JSON document.
    init(parsing bytes: [UInt8]) throws(InvalidInput) {
        guard !bytes.isEmpty else { throw InvalidInput(faults: [.init(pointer: "", detail: "document JSON attendu")]) }
        var error = json_error_t()
        let parsed = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                json_loadb(text.baseAddress, text.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), &error)
            }
        }
        guard let parsed else {
            throw InvalidInput(faults: [.init(pointer: "", detail: Self.sentence(for: error))])
        }
        root = JSONNode(pointer: parsed)
    }

    /// An object of strings. A name that occurs more than once has the list of its values.
    init(pairs: [(name: String, value: String)]) {
        guard let object = json_object() else { preconditionFailure("out of memory") }
        root = JSONNode(pointer: object)
        for (name, value) in pairs {
            let text = value.utf8CString.withUnsafeBufferPointer { json_stringn($0.baseAddress, value.utf8.count) }
            guard let known = root.field(name) else {
                set(name, to: text)
                continue
            }
            if known.elementCount == nil {
                let list = json_array()
                json_array_append(list, known.pointer)
                json_array_append_new(list, text)
                set(name, to: list)
            } else {
                json_array_append_new(known.pointer, text)
            }
        }
    }

    private func set(_ name: String, to value: UnsafeMutablePointer<json_t>?) {
        _ = name.utf8CString.withUnsafeBufferPointer { key in
            json_object_setn_new(root.pointer, key.baseAddress, name.utf8.count, value)
        }
    }

    deinit { json_decref(root.pointer) }

    private static func sentence(for error: json_error_t) -> String {
        let place = "ligne \(error.line), colonne \(error.column)"
        return withUnsafePointer(to: error) { pointer in
            switch json_error_code(pointer) {
            case json_error_duplicate_key: "champ en double (\(place))"
            case json_error_invalid_utf8: "texte qui n’est pas en UTF-8 (\(place))"
            case json_error_null_character, json_error_null_byte_in_key: "caractère U+0000 interdit (\(place))"
            case json_error_numeric_overflow: "nombre hors des limites (\(place))"
            case json_error_stack_overflow: "document imbriqué trop profondément"
            case json_error_premature_end_of_input: "document JSON incomplet"
            default: "document JSON mal formé (\(place))"
            }
        }
    }
}

/// One value of a tree; valid as long as its ``JSONTree`` lives.
struct JSONNode {
    let pointer: UnsafeMutablePointer<json_t>

    enum Kind {
        case null
        case boolean(Bool)
        case integer(Int64)
        case real(Double)
        case string(String)
        case array
        case object
    }

    var kind: Kind {
        switch pointer.pointee.type {
        case JSON_OBJECT: .object
        case JSON_ARRAY: .array
        case JSON_STRING: .string(text)
        case JSON_INTEGER: .integer(json_integer_value(pointer))
        case JSON_REAL: .real(json_real_value(pointer))
        case JSON_TRUE: .boolean(true)
        case JSON_FALSE: .boolean(false)
        default: .null
        }
    }

    var isNull: Bool { pointer.pointee.type == JSON_NULL }
    var isObject: Bool { pointer.pointee.type == JSON_OBJECT }

    private var text: String {
        guard let bytes = json_string_value(pointer) else { return "" }
        let buffer = UnsafeRawBufferPointer(start: bytes, count: json_string_length(pointer))
        return String(decoding: buffer, as: UTF8.self)
    }

    /// The number of elements of an array; nil for anything else.
    var elementCount: Int? { pointer.pointee.type == JSON_ARRAY ? json_array_size(pointer) : nil }

    func element(_ index: Int) -> JSONNode? { json_array_get(pointer, index).map(JSONNode.init) }

    func field(_ name: String) -> JSONNode? {
        var name = name
        return name.withUTF8 { key in
            key.withMemoryRebound(to: CChar.self) { json_object_getn(pointer, $0.baseAddress, $0.count) }
        }.map(JSONNode.init)
    }

    /// The names of an object's fields in the order in which they were sent; none for anything else.
    var fieldNames: [String] {
        var names: [String] = []
        var position = json_object_iter(pointer)
        while let current = position {
            let key = UnsafeRawBufferPointer(
                start: json_object_iter_key(current), count: json_object_iter_key_len(current))
            names.append(String(decoding: key, as: UTF8.self))
            position = json_object_iter_next(pointer, current)
        }
        return names
    }
}
