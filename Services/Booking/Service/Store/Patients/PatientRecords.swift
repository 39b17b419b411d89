import Authentication
import BookingDomain
import Cryptography
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Tenancy

/// A patient as stored, without their consents.
struct StoredPatient: Sendable {
    let patient: Patient
    let version: EntityVersion
}

/// A patient for whom a slot is taken, without their contact.
struct StoredRecipient: Sendable {
    let id: Identifier<Patient>
    let account: Identifier<Actor>?
    let isErased: Bool
}

/// Patients: one encrypted document each, found by keyed digests.
struct PatientRecords: Sendable {
    let keyRing: KeyRing
    let blindIndex: BlindIndex

    /// What the document holds.
    private struct Document: Codable {
        let name: String
        let phone: String
        let email: String?
    }

    /// The patient for whom a slot is taken; nil if they are not on record.
    func find(_ recipient: Recipient, in tenant: TenantSlug) -> Query<StoredRecipient?> {
        switch recipient {
        case .hold: .known(nil)
        case .patient(let id): Self.recipient("id = \(id)")
        case .contact(let contact):
            Self.recipient(
                """
                phone_index = \(phoneIndex(contact.phone.text, tenant))
                    AND name_index = \(nameIndex(contact.name.text, tenant))
                """)
        }
    }

    private static func recipient(_ condition: SQL) -> Query<StoredRecipient?> {
        .first("SELECT id, account, erased_at IS NOT NULL AS is_erased FROM patients WHERE \(condition)") { row in
            StoredRecipient(
                id: try row.get("id"), account: try row.find("account"), isErased: try row.get("is_erased"))
        }
    }

    /// The patient, if the caller may know of them: patients know themselves.
    func find(
        _ id: Identifier<Patient>, for caller: Caller, in tenant: TenantSlug
    ) -> Query<StoredPatient?> {
        find(where: Self.visible(id, to: caller), in: tenant).map(\.first)
    }

    /// The patients of a condition: ``visible(_:to:)`` or ``having(phone:in:)``.
    func find(where condition: SQL, in tenant: TenantSlug) -> Query<[StoredPatient]> {
        .all("SELECT \(Self.columns) FROM patients WHERE \(condition) ORDER BY id") { try stored($0, in: tenant) }
    }

    /// The patient, locked until the transaction ends: bookings that refer to them wait.
    func lock(_ id: Identifier<Patient>, in tenant: TenantSlug) -> Query<StoredPatient?> {
        .first("SELECT \(Self.columns) FROM patients WHERE id = \(id) FOR UPDATE") { try stored($0, in: tenant) }
    }

    private static let columns: SQL = "id, contact, erased_at, \(SQL.version)"

    /// All patients with this telephone.
    func having(phone: PhoneNumber, in tenant: TenantSlug) -> SQL { "phone_index = \(phoneIndex(phone.text, tenant))" }

    static func visible(_ id: Identifier<Patient>, to caller: Caller) -> SQL {
        let owner = caller.isPatient ? caller.account : nil
        return "id = \(id) AND (\(owner)::uuid IS NULL OR account = \(owner))"
    }

    func insert(
        _ id: Identifier<Patient>, _ contact: PatientContact, account: Identifier<Actor>?, in tenant: TenantSlug
    ) throws -> SQL {
        """
        INSERT INTO patients (id, contact, phone_index, name_index, email_index, account)
        VALUES (\(id), \(try encrypt(contact, of: id, in: tenant)), \(phoneIndex(contact.phone.text, tenant)),
            \(nameIndex(contact.name.text, tenant)), \(contact.email.map { emailIndex($0.text, tenant) }), \(account))
        RETURNING \(SQL.version)
        """
    }

    /// Replaces the contact, or removes it after an erasure. Answers the new version; nil if the stored version is no
    /// longer the one that was read.
    func update(_ patient: Patient, version: EntityVersion, in tenant: TenantSlug) throws -> Query<EntityVersion?> {
        .first(try update(patient, over: version, in: tenant)) { try $0.version() }
    }

    private func update(_ patient: Patient, over version: EntityVersion, in tenant: TenantSlug) throws -> SQL {
        switch patient.identity {
        case .known(let contact):
            """
            UPDATE patients SET contact = \(try encrypt(contact, of: patient.id, in: tenant)),
                phone_index = \(phoneIndex(contact.phone.text, tenant)),
                name_index = \(nameIndex(contact.name.text, tenant)),
                email_index = \(contact.email.map { emailIndex($0.text, tenant) }), version = version + 1
            WHERE id = \(patient.id) AND version = \(version.number)
                AND \(SQL.generation) = \(version.generation) RETURNING \(SQL.version)
            """
        case .erased(let instant):
            """
            UPDATE patients SET contact = NULL, phone_index = NULL, name_index = NULL, email_index = NULL,
                account = NULL, erased_at = \(instant), version = version + 1
            WHERE id = \(patient.id) AND version = \(version.number)
                AND \(SQL.generation) = \(version.generation) RETURNING \(SQL.version)
            """
        }
    }

    private func stored(_ row: Row, in tenant: TenantSlug) throws -> StoredPatient {
        StoredPatient(patient: try patient(row, in: tenant), version: try row.version())
    }

    private func patient(_ row: Row, in tenant: TenantSlug) throws -> Patient {
        let id: Identifier<Patient> = try row.get("id")
        guard let sealed = try row.find("contact", as: [UInt8].self) else {
            return Patient(id: id, identity: .erased(at: try row.get("erased_at")))
        }
        let plain = try keyRing.decrypt(sealed, in: field(id, tenant))
        let document = try JSONDecoder().decode(Document.self, from: Data(plain))
        guard let name = PatientName(document.name) else { throw CorruptRow("patients") }
        let contact = PatientContact(
            name: name, phone: PhoneNumber(stored: document.phone),
            email: document.email.map(EmailAddress.init(stored:)))
        return Patient(id: id, identity: .known(contact))
    }

    private func encrypt(
        _ contact: PatientContact, of id: Identifier<Patient>, in tenant: TenantSlug
    ) throws -> [UInt8] {
        let document = Document(name: contact.name.text, phone: contact.phone.text, email: contact.email?.text)
        return keyRing.encrypt(Array(try JSONEncoder().encode(document)), in: field(id, tenant))
    }

    /// The encrypted column, for a change of keys.
    static let contact = EncryptedColumn("patients", "contact") {
        """
        SELECT id::text AS row, contact AS value FROM patients
        WHERE contact IS NOT NULL AND id::text > \($0) ORDER BY id::text LIMIT 500
        """
    } replace: {
        "UPDATE patients SET contact = \($2) WHERE id = \($0)::uuid AND contact = \($1)"
    }

    /// Where the ciphertext belongs: it cannot be decrypted in another row or tenant.
    private func field(_ id: Identifier<Patient>, _ tenant: TenantSlug) -> EncryptedField {
        EncryptedField(tenant: tenant, table: "patients", column: "contact", row: id)
    }

    private func phoneIndex(_ text: String, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: text, tenant: tenant, label: "phone")
    }
    private func nameIndex(_ text: String, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: text.lowercased(), tenant: tenant, label: "name")
    }
    private func emailIndex(_ text: String, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: text.lowercased(), tenant: tenant, label: "email")
    }
}
