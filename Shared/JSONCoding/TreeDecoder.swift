/// The state of one decoding: the faults so far.
final class DecodingSession {
    /// True for a query string: numbers and booleans are read from text.
    let isText: Bool
    private(set) var faults: [InvalidInput.Fault] = []

    init(isText: Bool) { self.isText = isText }

    func record(_ detail: String, at pointer: String) {
        guard faults.count < InvalidInput.maximumFaults else { return }
        faults.append(.init(pointer: pointer, detail: detail))
    }
}

/// Ends a decoding whose faults are recorded already, if no placeholder allows it to continue.
struct Unreplaceable: Error {}

/// Decodes one node of a tree. A fault is recorded and a placeholder replaces the value, so that the rest of the
/// document is checked, too; a document with faults is never returned.
final class TreeDecoder {
    private let node: JSONNode
    private let path: JSONPath
    private let session: DecodingSession
    /// The fields that the type requested; any others are faults.
    private var requested: [String] = []
    /// True if the type passed its node on to another type, which is then responsible for the fields.
    private var isDelegated = false
    /// Set for a type that restores the plus signs of a query string.
    private let restoration: (any PlusRestoring.Type)?
    private var nestedDecoders: [TreeDecoder] = []

    private init(
        _ node: JSONNode, at path: JSONPath, in session: DecodingSession, restoration: (any PlusRestoring.Type)? = nil
    ) {
        self.node = node
        self.path = path
        self.session = session
        self.restoration = restoration
    }

    static func decode<T: Decodable>(
        _ type: T.Type, from node: JSONNode, at path: JSONPath, in session: DecodingSession
    ) throws -> T {
        let restoration = session.isText ? type as? any PlusRestoring.Type : nil
        let decoder = TreeDecoder(node, at: path, in: session, restoration: restoration)
        let faultsBefore = session.faults.count
        do {
            let value = try T(from: decoder)
            decoder.refuseUnreadFields()
            return value
        } catch let error as DecodingError {
            // A value built from placeholders may be refused in turn: its fault is recorded already.
            if session.faults.count == faultsBefore { decoder.record(error, for: type) }
            return try Placeholder.value(type)
        }
    }

    private func refuseUnreadFields() {
        for nested in nestedDecoders { nested.refuseUnreadFields() }
        guard node.isObject, !isDelegated else { return }
        for name in node.fieldNames where !requested.contains(name) {
            session.record(
                session.isText ? "paramètre inconnu" : "champ inconnu", at: JSONPath.field(path, name).pointer)
        }
    }

    private func record<T>(_ error: DecodingError, for type: T.Type) {
        if let cases = Enumeration.cases(of: type) {
            return session.record("valeur attendue parmi : \(cases.joined(separator: ", "))", at: path.pointer)
        }
        let context =
            switch error {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                context
            @unknown default: DecodingError.Context(codingPath: codingPath, debugDescription: "valeur refusée")
            }
        session.record(context.debugDescription, at: JSONPath.pointer(context.codingPath))
    }

    private func locate(_ position: Position) -> (node: JSONNode?, path: JSONPath) {
        switch position {
        case .itself: return (node, path)
        // One pair is a list of one. Faults of a query string name the parameter, whichever of its pairs is wrong.
        case .element(let index) where session.isText: return (node.element(index) ?? node, path)
        case .element(let index): return (node.element(index), .element(path, index))
        case .field(let name):
            note(name)
            return (node.field(name), .field(path, name))
        }
    }

    private func note(_ name: String) {
        if requested.last != name { requested.append(name) }
    }
}

extension TreeDecoder: DecodingSource {
    var codingPath: [any CodingKey] { path.codingPath }
    var fieldNames: [String] { node.fieldNames }
    var elementCount: Int? { node.elementCount ?? (session.isText && !node.isObject ? 1 : nil) }

    func hasField(_ name: String) -> Bool {
        note(name)
        return node.field(name) != nil
    }

    func isNull(_ position: Position) -> Bool { locate(position).node?.isNull ?? true }

    func scalar<T: Scalar>(_ position: Position) throws -> T {
        let (node, path) = locate(position)
        guard let node else {
            reportMissing(at: path)
            return T.placeholder
        }
        if let restoration, case .string(let text) = node.kind,
            let value = T(text: restoration.restoringPlus(in: text))
        {
            return value
        }
        if let value = T(node: node) { return value }
        if session.isText, case .string(let text) = node.kind, let value = T(text: text) { return value }
        let isRepeated = session.isText && node.elementCount != nil
        session.record(
            isRepeated ? "paramètre répété" : node.isNull ? Self.nullRefused : T.expectation, at: path.pointer)
        return T.placeholder
    }

    func value<T: Decodable>(_ type: T.Type, _ position: Position) throws -> T {
        let (node, path) = locate(position)
        guard let node else {
            reportMissing(at: path)
            return try Placeholder.value(type)
        }
        return try Self.decode(type, from: node, at: path, in: session)
    }

    func nested(_ position: Position) throws -> TreeDecoder {
        let (node, path) = locate(position)
        guard let node else {
            reportMissing(at: path)
            throw Unreplaceable()
        }
        let decoder = TreeDecoder(node, at: path, in: session)
        nestedDecoders.append(decoder)
        return decoder
    }

    private func reportMissing(at path: JSONPath) {
        session.record(
            session.isText ? "paramètre obligatoire manquant" : "champ obligatoire manquant", at: path.pointer)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard node.isObject else { throw mismatch("objet attendu") }
        return KeyedDecodingContainer(KeyedContainer<TreeDecoder, Key>(source: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard elementCount != nil else { throw mismatch("liste attendue") }
        return UnkeyedContainer(source: self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        isDelegated = true
        return SingleContainer(source: self)
    }

    private func mismatch(_ expectation: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: node.isNull ? Self.nullRefused : expectation))
    }

    private static let nullRefused = "valeur obligatoire : null n’est pas accepté"
}
