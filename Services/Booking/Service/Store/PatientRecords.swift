import Authentication
import BookingDomain
import Cryptography
import FoundationEssentials
import Postgres
import Primitives
import Tenancy

/// Patients as they are stored: one encrypted document each, found by keyed digests.
struct PatientRecords: Sendable {
    private let tenant: TenantSlug
    private let keyRing: KeyRing
    private let blindIndex: BlindIndex

    /// The records of one tenant.
    init(tenant: TenantSlug, keyRing: KeyRing, blindIndex: BlindIndex) {
        (self.tenant, self.keyRing, self.blindIndex) = (tenant, keyRing, blindIndex)
    }

    /// What the document holds.
    private struct Document: Codable {
        let name: String
        let phone: String
        let email: String?
    }

    static let columns: SQL = "id, contact, account, erased_at, version"

    /// The patient of this name and telephone.
    func find(_ contact: PatientContact) -> SQL {
        """
        SELECT \(Self.columns) FROM patients
        WHERE phone_index = \(phoneIndex(contact.phone.text)) AND name_index = \(nameIndex(contact.name.text))
        """
    }

    func find(_ id: Identifier<Patient>) -> SQL { "SELECT \(Self.columns) FROM patients WHERE id = \(id)" }

    /// The patient, if the caller may know of it: patients know themselves.
    func find(_ id: Identifier<Patient>, for caller: Caller) -> SQL { find(where: Self.visible(id, to: caller)) }

    /// The patients of a condition, made by one of the functions below.
    func find(where condition: SQL) -> SQL { "SELECT \(Self.columns) FROM patients WHERE \(condition) ORDER BY id" }

    /// All patients with this telephone.
    func having(phone: PhoneNumber) -> SQL { "phone_index = \(phoneIndex(phone.text))" }

    /// Those who are still known and have neither been registered nor had an appointment since `begin`.
    static func unseen(since begin: SQL, limit: Int) -> SQL {
        """
        SELECT id FROM patients WHERE erased_at IS NULL AND created_at < \(begin)
            AND NOT EXISTS (SELECT FROM appointments WHERE patient = patients.id AND ends_at >= \(begin))
        ORDER BY created_at LIMIT \(limit)
        """
    }

    static func visible(_ id: Identifier<Patient>, to caller: Caller) -> SQL {
        let owner = caller.isPatient ? caller.account : nil
        return "id = \(id) AND (\(owner)::uuid IS NULL OR account = \(owner))"
    }

    func insert(_ id: Identifier<Patient>, _ contact: PatientContact, account: Identifier<Actor>?) throws -> SQL {
        """
        INSERT INTO patients (id, contact, phone_index, name_index, email_index, account)
        VALUES (\(id), \(try encrypt(contact, of: id)), \(phoneIndex(contact.phone.text)),
            \(nameIndex(contact.name.text)), \(contact.email.map { emailIndex($0.text) }), \(account))
        """
    }

    /// Writes a contact, or the absence of one after an erasure, over the version that was read.
    func update(_ patient: Patient, version: Int) throws -> SQL {
        switch patient.identity {
        case .known(let contact):
            """
            UPDATE patients SET contact = \(try encrypt(contact, of: patient.id)),
                phone_index = \(phoneIndex(contact.phone.text)), name_index = \(nameIndex(contact.name.text)),
                email_index = \(contact.email.map { emailIndex($0.text) }), version = version + 1
            WHERE id = \(patient.id) AND version = \(version) RETURNING version
            """
        case .erased(let instant):
            """
            UPDATE patients SET contact = NULL, phone_index = NULL, name_index = NULL, email_index = NULL,
                account = NULL, erased_at = \(instant), version = version + 1
            WHERE id = \(patient.id) AND version = \(version) RETURNING version
            """
        }
    }

    /// The patient of a row, without its consents.
    func patient(_ row: Row) throws -> Patient {
        let id: Identifier<Patient> = try row.get("id")
        guard let sealed = try row.find("contact", as: [UInt8].self) else {
            return Patient(id: id, identity: .erased(at: try row.get("erased_at")))
        }
        let plain = try keyRing.decrypt(sealed, in: field(id))
        let document = try JSONDecoder().decode(Document.self, from: Data(plain))
        guard let name = PatientName(document.name) else { throw CorruptRow("patients") }
        let contact = PatientContact(
            name: name, phone: PhoneNumber(stored: document.phone),
            email: document.email.map(EmailAddress.init(stored:)))
        return Patient(id: id, identity: .known(contact))
    }

    private func encrypt(_ contact: PatientContact, of id: Identifier<Patient>) throws -> [UInt8] {
        let document = Document(name: contact.name.text, phone: contact.phone.text, email: contact.email?.text)
        return keyRing.encrypt(Array(try JSONEncoder().encode(document)), in: field(id))
    }

    /// For a change of keys.
    static let contact = EncryptedColumn("patients", "contact") {
        """
        SELECT id::text AS row, contact AS value FROM patients
        WHERE contact IS NOT NULL AND id::text > \($0) ORDER BY id::text LIMIT 500
        """
    } replace: {
        "UPDATE patients SET contact = \($2) WHERE id = \($0)::uuid AND contact = \($1)"
    }

    /// Where the ciphertext belongs: moved to another row or tenant it cannot be read.
    private func field(_ id: Identifier<Patient>) -> EncryptedField {
        EncryptedField(tenant: tenant, table: "patients", column: "contact", row: id)
    }

    private func phoneIndex(_ text: String) -> [UInt8] { blindIndex.digest(of: text, tenant: tenant, label: "phone") }
    private func nameIndex(_ text: String) -> [UInt8] {
        blindIndex.digest(of: text.lowercased(), tenant: tenant, label: "name")
    }
    private func emailIndex(_ text: String) -> [UInt8] {
        blindIndex.digest(of: text.lowercased(), tenant: tenant, label: "email")
    }
}
