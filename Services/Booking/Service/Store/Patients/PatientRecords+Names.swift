import BookingDomain
import Cryptography
import GuichetProtocol
import Postgres
import Primitives

// How patients are found by their names: by the whole name, and by the beginnings of its words.
extension PatientRecords {
    /// The rule of ``nameIndex(_:_:)``.
    static let nameRule = 2

    /// The index of a name. Different writings of the same letters have the same one.
    func nameIndex(_ name: PatientName, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: TextFolding.sameLetters(name.text), tenant: tenant, label: "name.letters")
    }

    /// The index of rule 1, which differs with the writing.
    func literalNameIndex(_ name: PatientName, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: name.text.lowercased(), tenant: tenant, label: "name")
    }

    /// The index of the beginning of a word. 64 bits are enough to find few others, whose names the caller compares.
    func beginningIndex(_ beginning: String, _ tenant: TenantSlug) -> Int {
        let digest = blindIndex.digest(of: beginning, tenant: tenant, label: "name.beginning")
        return Int(truncatingIfNeeded: digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// The indexes of all beginnings that a name is found by.
    func beginnings(of name: PatientName, _ tenant: TenantSlug) -> [Int] {
        NameBeginning.keys(of: name).map { beginningIndex($0, tenant) }.sorted()
    }

    /// The first patients, by id, whose indexes are of an older rule.
    func ofOlderRule(limit: Int, in tenant: TenantSlug) -> Query<[StoredPatient]> {
        find(where: "name_rule < 2 AND contact IS NOT NULL", limit: limit, in: tenant)
    }

    /// Replaces the indexes of an older rule. Of several patients who turn out to have one name and telephone, the first
    /// gets the index; the others keep theirs, and are found by their telephone and the beginning of their name.
    ///
    /// The condition on the version leaves out a patient who was changed after they were read.
    func renewIndexes(of stored: StoredPatient, in tenant: TenantSlug) -> SQL? {
        guard case .known(let contact) = stored.patient.identity else { return nil }
        let index = nameIndex(contact.name, tenant)
        return """
            UPDATE patients SET name_rule = \(Self.nameRule)::smallint,
                name_beginnings = \(beginnings(of: contact.name, tenant))::bigint[],
                name_index = CASE WHEN EXISTS (
                    SELECT FROM patients AS other
                    WHERE other.phone_index = patients.phone_index AND other.name_index = \(index)::bytea
                ) THEN name_index ELSE \(index)::bytea END
            WHERE id = \(stored.patient.id) AND name_rule < 2 AND version = \(stored.version.number)
            """
    }
}
