import CJansson

extension StrictJSON {
    /// Which members of a document are ignored if they equal those of the stored state.
    package enum SentBack: Sendable {
        /// Members that the input does not have: the document replaces the state.
        case readOnlyMembers
        /// All members: the document is a patch, in which an equal member changes nothing.
        case allMembers
    }

    /// The names of the members of a type.
    package static func members(of type: any Decodable.Type) -> Set<String> { Set(SchemaCatalog().names(of: type)) }

    /// Decodes a document in which a client may send back what it has read, with its changes.
    ///
    /// Members of `View` that `T` does not have are read-only. They are ignored if they have their stored value, or are
    /// null where nothing is stored; another value is a fault.
    ///
    /// - Parameters:
    ///   - stored: the stored state, a `View` in JSON.
    ///   - sentBack: what is ignored if it equals the stored state.
    package static func decode<T: Decodable>(
        _ type: T.Type, from bytes: [UInt8], sentBack: SentBack, from stored: [UInt8], as view: any Decodable.Type
    ) throws -> T {
        let (tree, stored) = (try JSONTree(parsing: bytes), try JSONTree(parsing: stored))
        let catalog = SchemaCatalog()
        let writable = Set(catalog.fields(of: type).map(\.name))
        let readOnly = Set(catalog.names(of: view)).subtracting(writable)
        var faults: [InvalidInput.Fault] = []
        withExtendedLifetime((tree, stored)) {
            for name in tree.root.fieldNames where sentBack == .allMembers || readOnly.contains(name) {
                let isSame = tree.root.hasSameField(name, as: stored.root)
                guard isSame || readOnly.contains(name) else { continue }
                tree.root.removeField(name)
                guard !isSame else { continue }
                faults.append(
                    .init(
                        pointer: JSONPath.field(.root, name).pointer,
                        detail: "en lecture seule : valeur enregistrée attendue, ou aucune"))
            }
        }
        do {
            let value = try decode(type, from: tree)
            guard faults.isEmpty else { throw InvalidInput(faults: faults) }
            return value
        } catch let invalid as InvalidInput where !faults.isEmpty && invalid.faults != faults {
            throw InvalidInput(faults: Array((faults + invalid.faults).prefix(InvalidInput.maximumFaults)))
        }
    }
}

extension SchemaCatalog {
    fileprivate func names(of type: any Decodable.Type) -> [String] { fields(of: type).map(\.name) }
}

extension JSONNode {
    /// True if the field has the same value there, or is null and absent there.
    fileprivate func hasSameField(_ name: String, as other: JSONNode) -> Bool {
        guard let mine = field(name) else { return false }
        guard let theirs = other.field(name) else { return mine.isNull }
        return json_equal(mine.pointer, theirs.pointer) == 1
    }

    fileprivate func removeField(_ name: String) {
        _ = name.withCString { json_object_del(pointer, $0) }
    }
}
