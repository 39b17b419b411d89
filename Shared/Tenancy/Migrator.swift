package import Postgres

/// Brings a schema to the present: creates it when it is missing and applies what it lacks, in one transaction under
/// an advisory lock, so any number of processes may start at once.
package struct Migrator: Sendable {
    /// Why a schema was left as it was.
    package enum Fault: Error, CustomStringConvertible {
        /// A migration that was applied is not the one that this program carries.
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

    /// Says in one line what a migrated schema has.
    package var fingerprint: String { sets.fingerprint }

    /// Migrates `schema`. A failure leaves it as it was. Migrations newer than this program's are left alone: during a
    /// rolling deployment the older program runs on the newer schema.
    package func migrate(_ schema: Schema, on connection: borrowing ScriptConnection) throws {
        try connection.run(script: "BEGIN")
        do {
            try apply(to: schema, on: connection)
            try connection.run(script: "COMMIT")
        } catch {
            // The connection is closed after a failure; that rolls back too.
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
        // The record comes first: what was applied already is found out and compared in the same breath.
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
