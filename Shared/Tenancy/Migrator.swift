package import Postgres

/// Brings a schema up to date: creates it if it is missing and applies the missing migrations, in one transaction under
/// an advisory lock, so any number of processes may start at once.
package struct Migrator: Sendable {
    /// Why a schema was not migrated.
    package enum Fault: Error, CustomStringConvertible {
        /// An applied migration differs from the one in this program.
        case edited(schema: Schema, set: String, number: Int)

        package var description: String {
            switch self {
            case .edited(let schema, let set, let number):
                "migration \(set) \(number) of schema \(schema) was changed after it was applied"
            }
        }
    }

    private let sets: [MigrationSet]

    package init(_ sets: [MigrationSet]) { self.sets = sets }

    /// A one-line fingerprint of a migrated schema.
    package var fingerprint: String { sets.fingerprint }

    /// Migrates `schema`. A failure changes nothing. Migrations that are newer than this program's are ignored: during
    /// a rolling deployment the older program runs on the newer schema.
    package func migrate(_ schema: Schema, on connection: borrowing ScriptConnection) throws {
        try connection.run(script: "BEGIN")
        do {
            try apply(to: schema, on: connection)
            try connection.run(script: "COMMIT")
        } catch {
            // The connection is closed after a failure, which also rolls back.
            try? connection.run(script: "ROLLBACK")
            throw error
        }
    }

    private func apply(to schema: Schema, on connection: borrowing ScriptConnection) throws {
        try connection.query("SELECT pg_advisory_xact_lock(hashtextextended(\("migrate " + schema.description), 0))")
        try connection.run(
            script: """
                SET LOCAL statement_timeout = '120s';
                CREATE SCHEMA IF NOT EXISTS \(schema.quoted);
                SET LOCAL search_path = \(schema.quoted);
                SET LOCAL client_min_messages = warning;
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    set text NOT NULL, number int NOT NULL, name text NOT NULL, checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (set, number)
                );
                """)
        for set in sets {
            for migration in set.migrations { try apply(migration, of: set, to: schema, on: connection) }
        }
    }

    private func apply(
        _ migration: Migration, of set: MigrationSet, to schema: Schema, on connection: borrowing ScriptConnection
    ) throws {
        // Insert the record first: one statement finds the migrations that were applied and compares them.
        let inserted = try connection.query(
            """
            INSERT INTO schema_migrations (set, number, name, checksum)
            VALUES (\(set.name), \(migration.number), \(migration.name),
                encode(sha256(convert_to(\(migration.script), 'UTF8')), 'hex'))
            ON CONFLICT DO NOTHING RETURNING number
            """)
        guard inserted.isEmpty else { return try connection.run(script: migration.script) }
        let same = try connection.query(
            """
            SELECT 1 FROM schema_migrations WHERE set = \(set.name) AND number = \(migration.number)
                AND checksum = encode(sha256(convert_to(\(migration.script), 'UTF8')), 'hex')
            """)
        guard !same.isEmpty else { throw Fault.edited(schema: schema, set: set.name, number: migration.number) }
    }
}
