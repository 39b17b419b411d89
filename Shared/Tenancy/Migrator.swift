package import Postgres

/// Brings a schema up to date: creates it if it is missing and applies the missing migrations, in one transaction under
/// an advisory lock, so any number of processes may start at once. It uses no schema that another role owns.
package struct Migrator: Sendable {
    /// Why a schema was not migrated.
    package enum Fault: Error, CustomStringConvertible {
        /// An applied migration differs from the one in this program.
        case edited(schema: Schema, set: String, number: Int)
        /// Another role owns the schema, or its record of migrations, or has had a part in that: its statements would run
        /// with the rights of this service.
        case foreign(schema: Schema)
        /// The schema has the data of another tenant, which had the same name.
        case occupied(schema: Schema, by: String)

        package var description: String {
            switch self {
            case .edited(let schema, let set, let number):
                "migration \(set) \(number) of schema \(schema) was changed after it was applied"
            case .occupied(let schema, let tenant):
                "schema \(schema) still has the data of the tenant \(tenant), which was removed"
            case .foreign(let schema):
                "schema \(schema) is not used: another role owns it or schema_migrations, or that table has triggers or rules"
            }
        }
    }

    private let sets: [MigrationSet]

    package init(_ sets: [MigrationSet]) { self.sets = sets }

    /// A one-line fingerprint of a migrated schema.
    package var fingerprint: String { sets.fingerprint }

    /// Migrates `schema`. A failure changes nothing. Migrations that are newer than this program's are ignored: during
    /// a rolling deployment the older program runs on the newer schema.
    ///
    /// - Parameter owner: the id of the tenant whose data the schema has, which the comment on the schema says. Nil for the
    ///   service's own schema.
    package func migrate(
        _ schema: Schema, of owner: String? = nil, on connection: borrowing ScriptConnection
    ) throws {
        try connection.run(script: "BEGIN")
        do {
            try Self.lock(schema, on: connection)
            try apply(to: schema, of: owner, on: connection)
            try connection.run(script: "COMMIT")
        } catch {
            // The connection is closed after a failure, which also rolls back.
            try? connection.run(script: "ROLLBACK")
            throw error
        }
    }

    /// Drops the schema if it has the data of that tenant. Does nothing if it is missing or has another tenant's data.
    package static func drop(
        _ schema: Schema, of owner: String, on connection: borrowing ScriptConnection
    ) throws {
        try connection.run(script: "BEGIN")
        do {
            try lock(schema, on: connection)
            let comment = try self.owner(of: schema, on: connection)
            if comment == nil || comment == owner {
                try connection.run(script: "DROP SCHEMA IF EXISTS \(schema.quoted) CASCADE")
            }
            try connection.run(script: "COMMIT")
        } catch {
            // The connection is closed after a failure, which also rolls back.
            try? connection.run(script: "ROLLBACK")
            throw error
        }
    }

    private static func lock(_ schema: Schema, on connection: borrowing ScriptConnection) throws {
        try connection.query("SELECT pg_advisory_xact_lock(hashtextextended(\("migrate " + schema.description), 0))")
        try connection.run(script: "SET LOCAL statement_timeout = '120s'")
    }

    /// The tenant whose data the schema has; nil if the schema is missing or has no comment.
    private static func owner(of schema: Schema, on connection: borrowing ScriptConnection) throws -> String? {
        let rows = try connection.query(
            """
            SELECT obj_description(oid, 'pg_namespace') AS owner FROM pg_namespace WHERE nspname = \(schema.description)
            """)
        return try rows.first?.find("owner")
    }

    /// Notes whose data the schema has. Throws ``Fault/occupied(schema:by:)`` if it is another tenant's.
    private func claim(_ schema: Schema, for owner: String, on connection: borrowing ScriptConnection) throws {
        let present = try Self.owner(of: schema, on: connection)
        if let present, present != owner { throw Fault.occupied(schema: schema, by: present) }
        guard present == nil else { return }
        try connection.run(script: "COMMENT ON SCHEMA \(schema.quoted) IS '\(owner)'")
    }

    private func apply(
        to schema: Schema, of owner: String?, on connection: borrowing ScriptConnection
    ) throws {
        try create(schema, on: connection)
        try requireOwnership(of: schema, on: connection)
        if let owner { try claim(schema, for: owner, on: connection) }
        try connection.run(
            script: """
                SET LOCAL search_path = \(schema.quoted);
                SET LOCAL client_min_messages = warning;
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    set text NOT NULL, number int NOT NULL, name text NOT NULL, checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (set, number)
                );
                """)
        try requireOwnRecord(in: schema, on: connection)
        for set in sets {
            for migration in set.migrations { try apply(migration, of: set, to: schema, on: connection) }
        }
    }

    /// Creates the schema if it is missing, by the function of the database's owner if there is one (see
    /// `deploy/postgres/database.sql`).
    private func create(_ schema: Schema, on connection: borrowing ScriptConnection) throws {
        let name = schema.description
        guard try connection.query("SELECT 1 FROM pg_namespace WHERE nspname = \(name)").isEmpty else { return }
        // A function of anyone else would run with the rights of this service.
        let provided = try connection.query(
            """
            SELECT 1 FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
            JOIN pg_database ON datname = current_database() AND datdba = proowner
            WHERE nspname = 'provision' AND proname = 'create_schema' AND proargtypes = '25'::oidvector
                AND has_function_privilege(pg_proc.oid, 'EXECUTE')
            """)
        if provided.isEmpty {
            try connection.run(script: "CREATE SCHEMA IF NOT EXISTS \(schema.quoted)")
        } else {
            try connection.query("SELECT provision.create_schema(\(name))")
        }
    }

    private func requireOwnership(of schema: Schema, on connection: borrowing ScriptConnection) throws {
        let own = try connection.query(
            """
            SELECT 1 FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner
            WHERE nspname = \(schema.description) AND rolname = current_user
            """)
        if own.isEmpty { throw Fault.foreign(schema: schema) }
    }

    private func requireOwnRecord(in schema: Schema, on connection: borrowing ScriptConnection) throws {
        let own = try connection.query(
            """
            SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_roles ON pg_roles.oid = relowner
            WHERE nspname = \(schema.description) AND relname = 'schema_migrations' AND relkind = 'r'
                AND rolname = current_user AND NOT relhasrules
                AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
            """)
        if own.isEmpty { throw Fault.foreign(schema: schema) }
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
