import Cryptography
import Postgres
import Primitives
import QueueDomain
import Tenancy

/// The names that patients give, encrypted, for staff alone.
struct PersonNames: Sendable {
    let keyRing: KeyRing

    /// The encrypted column, for a change of keys.
    static let column = EncryptedColumn("tickets", "name") {
        """
        SELECT id::text AS row, name AS value FROM tickets
        WHERE name IS NOT NULL AND id::text > \($0) ORDER BY id::text LIMIT 500
        """
    } replace: {
        "UPDATE tickets SET name = \($2) WHERE id = \($0)::uuid AND name = \($1)"
    }

    func encrypt(_ name: PersonName, of ticket: Identifier<Ticket>, in tenant: TenantSlug) -> [UInt8] {
        keyRing.encrypt(Array(name.text.utf8), in: field(ticket, tenant))
    }

    func decrypt(_ bytes: [UInt8], of ticket: Identifier<Ticket>, in tenant: TenantSlug) throws -> String {
        String(decoding: try keyRing.decrypt(bytes, in: field(ticket, tenant)), as: UTF8.self)
    }

    private func field(_ ticket: Identifier<Ticket>, _ tenant: TenantSlug) -> EncryptedField {
        EncryptedField(tenant: tenant, table: "tickets", column: "name", row: ticket)
    }
}
