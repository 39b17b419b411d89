import Cryptography
import EventLoop
import JSONCoding
import Postgres
import Primitives
import Tenancy

/// Writes what a service stores of a tenant: a line of JSON for each row, with the table that it is in. Complete if nothing
/// changes meanwhile, as in a tenant that is closed.
/// Encrypted values are decrypted. Digests, credentials and messages are left out.
@EventLoop
struct TenantExport {
    /// How many blocks of a table, of 8 KiB, are read at once.
    private static let blocks = 64
    /// Tables of every service, of no use elsewhere.
    private static let internals: Set<String> = [
        "erased_accounts", "followed_aggregates", "generation", "generation_starts", "held_facts", "idempotency_keys",
        "inbox", "outbox", "replays", "schema_migrations",
    ]

    let platform: Platform
    let encrypted: [EncryptedColumn]
    /// Tables, and columns as `<table>.<column>`, that are left out.
    let unexported: Set<String>

    /// Throws ``TenantDirectory/Fault`` if the tenant is unknown or was removed.
    func callAsFunction(_ slug: TenantSlug, _ write: @escaping @EventLoop (String) -> Void) async throws {
        guard let tenant = try await platform.directory.storeOfAny(slug) else {
            throw TenantDirectory.Fault.unknown(slug)
        }
        try await tenant.data.inBackground.transaction { transaction in
            for row in try await transaction.query(Self.tables) {
                let table: String = try row.get("name")
                guard !Self.internals.contains(table), !unexported.contains(table) else { continue }
                try await export(table, blocks: row.get("blocks"), row.get("bytes"), of: slug, in: transaction, write)
            }
        }
    }

    /// The tables of the schema, their size, and those of their columns that have bytes.
    private static let tables: SQL = """
        SELECT relname AS name, pg_relation_size(oid) / current_setting('block_size')::bigint AS blocks, ARRAY(
            SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND atttypid = 'bytea'::regtype) AS bytes
        FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind = 'r'
        ORDER BY relname
        """

    private func export(
        _ table: String, blocks: Int, _ bytes: [String], of slug: TenantSlug, in transaction: Transaction,
        _ write: @EventLoop (String) -> Void
    ) async throws {
        let prefix = "\(table)."
        let leftOut = unexported.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        let secrets = encrypted.filter { $0.home == .tenants && $0.table == table && !leftOut.contains($0.column) }
            .map(\.column)
        for first in stride(from: 0, to: blocks, by: Self.blocks) {
            let rows = try await transaction.query(
                """
                SELECT (line - \(bytes + leftOut)::text[])::text AS line, line->>'id' AS id,
                    ARRAY(SELECT coalesce(line->>name, '') FROM unnest(\(secrets)::text[]) AS name) AS secrets
                FROM rows_of(\(table), \(first)::bigint, \(first + Self.blocks)::bigint) AS line
                """)
            for row in rows {
                var line: String = try row.get("line")
                for (column, value) in zip(secrets, try row.get("secrets", as: [String].self)) where !value.isEmpty {
                    let field = EncryptedField(
                        tenant: slug, table: table, column: column, row: try row.get("id", as: String.self))
                    line = "\(line.dropLast()), \(try JSONOutput.text(column)): \(try open(value, field))}"
                }
                write("{\"table\": \(try JSONOutput.text(table)), \"row\": \(line)}")
            }
        }
    }

    /// The decrypted value as JSON: documents as they are, anything else as text.
    private func open(_ value: String, _ field: EncryptedField) throws -> String {
        guard let bytes = [UInt8](postgresText: value) else { throw CorruptRow("an encrypted column") }
        let text = String(decoding: try platform.keyRing.decrypt(bytes, in: field), as: UTF8.self)
        return text.hasPrefix("{") ? text : try JSONOutput.text(text)
    }
}

extension MigrationSet {
    /// What an export reads the tables by.
    static let export = MigrationSet("export", [Migration(1, "export", PackageResources.V0006_export_sql)])
}
