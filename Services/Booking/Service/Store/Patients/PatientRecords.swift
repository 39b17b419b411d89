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
    let link: RecordLink
    let version: EntityVersion

    var view: PatientView { PatientView(patient, link, version: version) }
}

/// A patient for whom a slot is taken, without their contact.
struct StoredRecipient: Sendable {
    let id: Identifier<Patient>
    let account: Identifier<Actor>?
    let isErased: Bool
    /// Their other appointments in the time that was asked about.
    let simultaneous: [Identifier<Appointment>]
}

/// Patients: one encrypted document each, found by keyed digests.
struct PatientRecords: Sendable {
    let keyRing: KeyRing
    let blindIndex: BlindIndex

    /// The patient for whom a slot is taken; nil if they are not on record.
    ///
    /// By name and telephone, accounts find the records that they entered or that are linked to them, and staff all but
    /// those that an account only asserts.
    ///
    /// - Parameter period: the time in which their other appointments are looked for.
    func find(
        _ recipient: Recipient, for caller: Caller, in tenant: TenantSlug, meanwhile period: AppointmentPeriod? = nil
    ) -> Query<StoredRecipient?> {
        let condition: SQL
        switch recipient {
        case .hold: return .known(nil)
        case .patient(let id): condition = "id = \(id)"
        case .contact(let contact):
            // A row whose index is not computed again yet is found by the writing that it was entered in.
            let index = nameIndex(contact.name, tenant)
            condition = """
                phone_index = \(phoneIndex(contact.phone.text, tenant))
                    AND name_index IN (\(index), \(literalNameIndex(contact.name, tenant)))
                    AND \(Self.matching(caller))
                ORDER BY linked_at IS NOT NULL DESC, name_index = \(index) DESC, id LIMIT 1
                """
        }
        let others = period?.appointments(of: "patients.id") ?? "NULL::text"
        return .first(
            """
            SELECT id, account, erased_at IS NOT NULL AS is_erased, \(others) AS simultaneous
            FROM patients WHERE \(condition)
            """
        ) { row in
            StoredRecipient(
                id: try row.get("id"), account: try row.find("account"), isErased: try row.get("is_erased"),
                simultaneous: try AppointmentPeriod.appointments(row))
        }
    }

    /// The patient, if the caller may know of them: patients know themselves.
    func find(
        _ id: Identifier<Patient>, for caller: Caller, in tenant: TenantSlug
    ) -> Query<StoredPatient?> {
        find(where: Self.visible(id, to: caller), in: tenant).map(\.first)
    }

    /// The patients of a condition, for example ``visible(_:to:)``.
    func find(where condition: SQL, limit: Int? = nil, in tenant: TenantSlug) -> Query<[StoredPatient]> {
        .all("SELECT \(Self.columns) FROM patients WHERE \(condition) ORDER BY id LIMIT \(limit)") {
            try stored($0, in: tenant)
        }
    }

    /// The patients with these ids.
    func find(_ ids: [Identifier<Patient>], in tenant: TenantSlug) -> Query<[StoredPatient]> {
        ids.isEmpty ? .known([]) : find(where: "id = ANY (\(ids)::uuid[])", in: tenant)
    }

    /// Patients who may match a search, by id: at most `limit`, after the one with the id `last`. The index has the
    /// beginnings of names up to a length, so the caller compares the names themselves.
    func candidates(
        for search: PatientSearch, after last: Identifier<Patient>?, limit: Int, in tenant: TenantSlug
    ) -> Query<[StoredPatient]> {
        let condition: SQL =
            switch search {
            case .phone(let phone): "phone_index = \(phoneIndex(phone.text, tenant))"
            case .name(let beginning):
                "name_beginnings @> \(beginning.keys.map { beginningIndex($0, tenant) })::bigint[]"
            }
        return find(
            where: "\(condition) AND (\(last)::uuid IS NULL OR id > \(last))", limit: limit, in: tenant)
    }

    /// The patient, locked until the transaction ends: bookings that refer to them wait.
    func lock(_ id: Identifier<Patient>, in tenant: TenantSlug) -> Query<StoredPatient?> {
        .first("SELECT \(Self.columns) FROM patients WHERE id = \(id) FOR UPDATE") { try stored($0, in: tenant) }
    }

    private static let columns: SQL =
        "id, contact, erased_at, account, linked_at IS NOT NULL AS is_linked, \(SQL.version)"

    func insert(
        _ id: Identifier<Patient>, _ contact: PatientContact, account: Identifier<Actor>?, in tenant: TenantSlug
    ) throws -> SQL {
        """
        INSERT INTO patients (id, contact, phone_index, name_index, name_rule, name_beginnings, email_index, account)
        VALUES (\(id), \(try encrypt(contact, of: id, in: tenant)), \(phoneIndex(contact.phone.text, tenant)),
            \(nameIndex(contact.name, tenant)), \(Self.nameRule)::smallint, \(beginnings(of: contact.name, tenant))::bigint[],
            \(contact.email.map { emailIndex($0.text, tenant) }), \(account))
        RETURNING \(SQL.version)
        """
    }

    /// Replaces contact and link, or removes them after an erasure. Answers the new version; nil if the stored version is
    /// no longer the one that was read.
    func update(
        _ patient: Patient, _ link: RecordLink = .none, version: EntityVersion, in tenant: TenantSlug
    ) throws -> Query<EntityVersion?> {
        .first(try update(patient, link, over: version, in: tenant)) { try $0.version() }
    }

    private func update(
        _ patient: Patient, _ link: RecordLink, over version: EntityVersion, in tenant: TenantSlug
    ) throws -> SQL {
        switch patient.identity {
        case .known(let contact):
            """
            UPDATE patients SET contact = \(try encrypt(contact, of: patient.id, in: tenant)),
                phone_index = \(phoneIndex(contact.phone.text, tenant)),
                name_index = \(nameIndex(contact.name, tenant)), name_rule = \(Self.nameRule)::smallint,
                name_beginnings = \(beginnings(of: contact.name, tenant))::bigint[],
                email_index = \(contact.email.map { emailIndex($0.text, tenant) }), account = \(link.account)::uuid,
                linked_at = CASE WHEN \(link.isLinked) THEN linked_at END,
                linked_by = CASE WHEN \(link.isLinked) THEN linked_by END, version = version + 1
            WHERE id = \(patient.id) AND version = \(version.number)
                AND \(SQL.generation) = \(version.generation) RETURNING \(SQL.version)
            """
        case .erased(let instant):
            """
            UPDATE patients SET contact = NULL, phone_index = NULL, name_index = NULL, name_beginnings = NULL,
                email_index = NULL, account = NULL, linked_at = NULL, linked_by = NULL, erased_at = \(instant), version = version + 1
            WHERE id = \(patient.id) AND version = \(version.number)
                AND \(SQL.generation) = \(version.generation) RETURNING \(SQL.version)
            """
        }
    }

    private func stored(_ row: Row, in tenant: TenantSlug) throws -> StoredPatient {
        StoredPatient(patient: try patient(row, in: tenant), link: try Self.link(row), version: try row.version())
    }

    private static func link(_ row: Row) throws -> RecordLink {
        guard let account: Identifier<Actor> = try row.find("account") else { return .none }
        return try row.get("is_linked") ? .linked(to: account) : .asserted(by: account)
    }

    /// Sets the link of a record.
    static func set(
        _ link: RecordLink, of id: Identifier<Patient>, by caller: Caller, at now: Instant
    ) -> Query<EntityVersion> {
        .one(
            """
            UPDATE patients SET account = \(link.account)::uuid,
                linked_at = CASE WHEN \(link.isLinked) THEN \(now)::timestamptz END,
                linked_by = CASE WHEN \(link.isLinked) THEN \(caller.account)::uuid END, version = version + 1
            WHERE id = \(id) RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    private func patient(_ row: Row, in tenant: TenantSlug) throws -> Patient {
        let id: Identifier<Patient> = try row.get("id")
        guard let sealed = try row.find("contact", as: [UInt8].self) else {
            return Patient(id: id, identity: .erased(at: try row.get("erased_at")))
        }
        let plain = try keyRing.decrypt(sealed, in: field(id, tenant))
        return Patient(id: id, identity: .known(try PatientDocument(json: plain).contact))
    }

    func encrypt(
        _ contact: PatientContact, of id: Identifier<Patient>, in tenant: TenantSlug
    ) throws -> [UInt8] {
        keyRing.encrypt(try PatientDocument(contact).json, in: field(id, tenant))
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

    func phoneIndex(_ text: String, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: text, tenant: tenant, label: "phone")
    }
    func emailIndex(_ text: String, _ tenant: TenantSlug) -> [UInt8] {
        blindIndex.digest(of: text.lowercased(), tenant: tenant, label: "email")
    }
}
