import Postgres
import PostgresTesting
import Primitives
import Testing

@testable import Tenancy

@Suite("The owner of a schema")
struct SchemaOwnershipTests {
    private static let notes = MigrationSet(
        "notes", [Migration(1, "notes", Array("CREATE TABLE notes (note text)".utf8))])
    private static let schema = Schema(service: "tests")

    @Test(
        "a schema is not used if another role had a part in it",
        arguments: [
            "CREATE SCHEMA tests AUTHORIZATION \"{role}\"",
            "CREATE SCHEMA tests; \(record); ALTER TABLE tests.schema_migrations OWNER TO \"{role}\"",
            """
            CREATE SCHEMA tests; \(record);
            CREATE FUNCTION tests.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
            CREATE TRIGGER t BEFORE INSERT ON tests.schema_migrations FOR EACH ROW EXECUTE FUNCTION tests.f()
            """,
            "CREATE SCHEMA tests; \(record); CREATE RULE r AS ON INSERT TO tests.schema_migrations DO ALSO NOTHING",
        ])
    func foreign(making script: String) async throws {
        try await TestDatabase.with { database in
            try await Self.withRole(database) { role in
                try await database.scripts.run { connection in
                    try connection.run(script: script.replacing("{role}", with: role))
                    #expect(throws: Migrator.Fault.self) {
                        try Migrator([Self.notes]).migrate(Self.schema, on: connection)
                    }
                    #expect(try connection.query("SELECT 1 FROM pg_class WHERE relname = 'notes'").isEmpty)
                }
            }
        }
    }

    @Test("schemas are made by the function of the database's owner, and by no other one")
    func provided() async throws {
        try await TestDatabase.with { database in
            try await Self.withRole(database) { role in
                try await database.scripts.run { connection in
                    try connection.run(
                        script: """
                            CREATE SCHEMA provision;
                            CREATE TABLE provision.made (name text);
                            CREATE FUNCTION provision.create_schema(name text) RETURNS void LANGUAGE plpgsql AS $$
                            BEGIN
                                EXECUTE format('CREATE SCHEMA %I', name);
                                INSERT INTO provision.made VALUES (name);
                            END $$;
                            """)
                    try Migrator([Self.notes]).migrate(Self.schema, on: connection)
                    #expect(try connection.query("SELECT 1 FROM provision.made WHERE name = 'tests'").count == 1)
                    try connection.run(
                        script: "ALTER FUNCTION provision.create_schema OWNER TO \"\(role)\"")
                    try Migrator([Self.notes]).migrate(Schema(service: "others"), on: connection)
                    #expect(try connection.query("SELECT 1 FROM provision.made").count == 1)
                }
            }
        }
    }

    private static let record = """
        CREATE TABLE tests.schema_migrations (
            set text, number int, name text, checksum text, applied_at timestamptz DEFAULT now(),
            PRIMARY KEY (set, number))
        """

    /// Lends the name of a role that owns what it is given in the database.
    private static func withRole(
        _ database: TestDatabase, _ body: @Sendable (String) async throws -> Void
    ) async throws {
        let role = "intruder_" + Identifier<TestDatabase>.new().description
        try await database.scripts.run { try $0.run(script: "CREATE ROLE \"\(role)\"") }
        func drop() async throws {
            try await database.scripts.run {
                try $0.run(script: "DROP OWNED BY \"\(role)\" CASCADE; DROP ROLE \"\(role)\"")
            }
        }
        do {
            try await body(role)
        } catch {
            try? await drop()  // The first error is the one to report.
            throw error
        }
        try await drop()
    }
}
