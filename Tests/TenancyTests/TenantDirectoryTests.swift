import EventLoop
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import Testing

@testable import Tenancy

@Suite("The directory of tenants")
struct TenantDirectoryTests {
    @Test("a tenant that one process registers and prepares is live in another, without a restart")
    func live() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(2, [database]) { directories in
                let profile = try Self.profile("cabinet-1")
                await #expect(throws: TenantDirectory.Fault.unknown(profile.slug)) {
                    _ = try await directories[1].store(for: profile.slug)
                }
                try await Self.register(profile, with: directories[0])
                try await directories[0].prepare(profile.slug)
                try await EventLoop.sleep(for: .seconds(1))  // An unknown tenant triggers one reload a second.
                let store = try await directories[1].store(for: profile.slug)
                #expect(store.tenant == profile)
                #expect(try await store.data.query("SELECT note FROM notes").isEmpty)
            }
        }
    }

    @Test("any number of processes may prepare the same tenant at once")
    func race() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(6, [database]) { directories in
                let profile = try Self.profile("cabinet-1")
                try await Self.register(profile, with: directories[0])
                for directory in directories { try await directory.reload() }
                let tasks = directories.map { directory in
                    Task { @EventLoop in try await directory.prepare(profile.slug) }
                }
                for task in tasks { try await task.value }
                #expect(directories[0].unprepared.isEmpty)
            }
        }
    }

    @Test("a migration that fails for one tenant is recorded, and does not affect the others")
    func failure() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(1, [database]) { directories in
                let directory = directories[0]
                let (broken, sound) = (try Self.profile("broken"), try Self.profile("sound"))
                for profile in [broken, sound] { try await Self.register(profile, with: directory) }
                // A table with the same name makes the first migration fail there.
                try await database.scripts.run {
                    try $0.run(script: "CREATE SCHEMA tests_broken; CREATE TABLE tests_broken.notes ()")
                }
                await #expect(throws: PostgresError.self) { try await directory.prepare(broken.slug) }
                try await directory.prepare(sound.slug)
                #expect(try await directory.store(for: sound.slug).data.query("SELECT 1 FROM notes").isEmpty)
                await #expect(throws: TenantDirectory.Fault.notReady(broken.slug)) {
                    _ = try await directory.store(for: broken.slug)
                }
                #expect(directory.unprepared == [broken.slug])
                try await database.scripts.run { try $0.run(script: "DROP TABLE tests_broken.notes") }
                try await directory.prepare(broken.slug)
                #expect(directory.readyCount == 2)
            }
        }
    }

    @Test("an older announcement never replaces a newer one")
    func versions() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(1, [database]) { directories in
                var profile = try Self.profile("cabinet-1")
                profile.name = "Nouveau nom"
                try await Self.register(profile, version: 2, with: directories[0])
                profile.name = "Ancien nom"
                try await Self.register(profile, version: 1, with: directories[0])
                try await directories[0].prepare(profile.slug)
                #expect(try await directories[0].store(for: profile.slug).tenant.name == "Nouveau nom")
            }
        }
    }

    @Test("a closed tenant is unknown to its users and left out of rounds, until it is opened again")
    func closed() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(1, [database]) { directories in
                let directory = directories[0]
                var profile = try Self.profile("cabinet-1")
                try await Self.register(profile, with: directory)
                try await directory.prepare(profile.slug)
                profile.end = TenantProfile.closed
                try await Self.register(profile, version: 2, with: directory)
                await #expect(throws: TenantDirectory.Fault.unknown(profile.slug)) {
                    _ = try await directory.store(for: profile.slug)
                }
                #expect(directory.hasEnded(profile.slug) && directory.unprepared.isEmpty)
                #expect(directory.rounds[0].tenants.isEmpty && directory.rounds[0].closed.count == 1)
                #expect(try await directory.storeOfAny(profile.slug) != nil)
                profile.end = nil
                try await Self.register(profile, version: 3, with: directory)
                #expect(try await directory.store(for: profile.slug).tenant == profile)
            }
        }
    }

    @Test("a removed tenant loses its schema, late announcements do not make it again, and another may take its name")
    func removed() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(2, [database]) { directories in
                let (directory, slow) = (directories[0], directories[1])
                var profile = try Self.profile("cabinet-1")
                try await Self.register(profile, with: directory)
                try await directory.prepare(profile.slug)
                try await directory.store(for: profile.slug).data.query("INSERT INTO notes VALUES ('ancien')")
                let before = profile
                profile.end = TenantProfile.removed
                try await Self.register(profile, version: 5, with: directory)
                try await slow.reload()
                #expect(directory.unprepared == [profile.slug])
                for _ in 0..<2 { try await directory.prepare(profile.slug) }
                #expect(directory.isRemoved(profile.slug) && directory.unprepared.isEmpty)
                #expect(try await directory.storeOfAny(profile.slug) == nil)
                try await Self.register(before, version: 4, with: directory)
                #expect(directory.isRemoved(profile.slug))

                let successor = try Self.profile("cabinet-1")
                try await Self.register(successor, with: directory)
                try await directory.prepare(successor.slug)
                try await directory.store(for: successor.slug).data.query("INSERT INTO notes VALUES ('nouveau')")
                // A process that still removes the former one leaves the successor alone.
                try? await slow.prepare(successor.slug)
                try await Self.register(profile, version: 9, with: directory)
                #expect(try await directory.store(for: successor.slug).tenant == successor)
                let notes = try await directory.store(for: successor.slug).data.query("SELECT note FROM notes")
                #expect(try notes.map { try $0.get("note") as String } == ["nouveau"])
            }
        }
    }

    @Test("a successor whose announcement comes before the removal gets an empty schema, also on another server")
    func overtaken() async throws {
        try await TestDatabase.with { main in
            try await TestDatabase.with(server: "GUICHET_TEST_POSTGRES_SECOND_URL") { second in
                try await Self.withDirectories(1, [main, second]) { directories in
                    let directory = directories[0]
                    let profile = try Self.profile("cabinet-1", database: "server1")
                    try await Self.register(profile, with: directory)
                    try await directory.prepare(profile.slug)
                    let successor = try Self.profile("cabinet-1")
                    try await Self.register(successor, with: directory)
                    try await directory.prepare(successor.slug)
                    #expect(try await directory.store(for: successor.slug).data.query("SELECT FROM notes").isEmpty)
                    let left: Int = try await second.withClient {
                        try await $0.query("SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'tests_cabinet-1'")[
                            0
                        ]
                        .get("n")
                    }
                    #expect(left == 0)
                }
            }
        }
    }

    @Test("tenants are on the server that their profile names")
    func servers() async throws {
        try await TestDatabase.with { main in
            try await TestDatabase.with(server: "GUICHET_TEST_POSTGRES_SECOND_URL") { second in
                try await Self.withDirectories(1, [main, second]) { directories in
                    let profile = try Self.profile("cabinet-2", database: "server1")
                    try await Self.register(profile, with: directories[0])
                    try await directories[0].prepare(profile.slug)
                    let count: SQL =
                        "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'tests_cabinet-2' AND tablename = 'notes'"
                    for (database, expected) in [(main, 0), (second, 1)] {
                        let found: Int = try await database.withClient { try await $0.query(count)[0].get("n") }
                        #expect(found == expected)
                    }
                }
            }
        }
    }

    @Test("a round queries each server once for all its schemas; an unavailable one does not delay the others")
    func round() async throws {
        try await TestDatabase.with { main in
            try await TestDatabase.with(server: "GUICHET_TEST_POSTGRES_SECOND_URL") { second in
                let profiles = try [("a", "server0"), ("b", "server0"), ("c", "server1"), ("d", "away")].map {
                    try Self.profile($0.0, database: $0.1)
                }
                let away = PostgresConfiguration(url: "postgres://nobody@127.0.0.1:1/none", applicationName: "tests")
                try await Self.withDirectories(1, [main, second], away: away) {
                    let directory = $0[0]
                    for profile in profiles { try await Self.register(profile, with: directory) }
                    for profile in profiles.dropLast() { try await directory.prepare(profile.slug) }
                    try await directory.registry.query("UPDATE tenants SET state = 'ready', updated_at = now()")
                    try await directory.reload()
                    for slug in ["a", "c"] as [TenantSlug] {
                        try await directory.store(for: slug).data.query("INSERT INTO notes VALUES ('à faire')")
                    }
                    var (found, asked): (Set<Schema>, [String]) = ([], [])
                    await #expect(throws: SchemaFaults.self) {
                        try await directory.onEachServer { round in
                            asked.append("\(round.server) \(round.schemas.count)")
                            let rows = try await round.queryAll(round.tenants.map(\.data)) {
                                "SELECT schema FROM with_notes(\($0)::text[]) AS schema"
                            }
                            found.formUnion(rows.keys)
                        }
                    }
                    #expect(asked.sorted() == ["away 1", "server0 3", "server1 1"])
                    #expect(found == [Self.schema(of: profiles[0]), Self.schema(of: profiles[2])])
                }
            }
        }
    }

    @Test("in a round, a failure in one schema does not affect the others")
    func trouble() async throws {
        try await TestDatabase.with { database in
            try await Self.withDirectories(1, [database]) { directories in
                let directory = directories[0]
                for slug in ["broken", "sound"] {
                    let profile = try Self.profile(slug)
                    try await Self.register(profile, with: directory)
                    try await directory.prepare(profile.slug)
                }
                let (broken, sound) = (
                    try await directory.store(for: "broken"), try await directory.store(for: "sound")
                )
                try await broken.data.query("DROP TABLE notes")
                await #expect(throws: SchemaFaults.self) {
                    try await directory.onEachServer { round in
                        try await round.each(of: round.tenants.map(\.data)) {
                            try await $0.query("INSERT INTO notes VALUES ('vu')")
                        }
                    }
                }
                #expect(try await sound.data.query("SELECT note FROM notes").count == 1)
            }
        }
    }

    @Test("data that may be out of date is read from the replica, or from the primary if the replica is unavailable")
    func replica() async throws {
        try await TestDatabase.with { primary in
            // Another database serves as the replica: its content shows which server was queried.
            let profile = try Self.profile("cabinet-1")
            try await TestDatabase.with { replica in
                for (database, note) in [(primary, "primary"), (replica, "replica")] {
                    try await database.scripts.run { connection in
                        try Migrator([Self.notes]).migrate(Self.schema(of: profile), on: connection)
                        try connection.run(
                            script: "INSERT INTO \(Self.schema(of: profile).quoted).notes VALUES ('\(note)')")
                    }
                }
                let server = DatabaseServers.Server(
                    name: "server0", primary: primary.configuration, replica: replica.configuration)
                #expect(try await Self.note(read: true, of: profile, on: server) == "replica")
                #expect(try await Self.note(read: false, of: profile, on: server) == "primary")
            }
            let away = DatabaseServers.Server(
                name: "server0", primary: primary.configuration,
                replica: PostgresConfiguration(url: "postgres://nobody@127.0.0.1:1/none", applicationName: "tests"))
            #expect(try await Self.note(read: true, of: profile, on: away) == "primary")
        }
    }

    private static func schema(of profile: TenantProfile) -> Schema { Schema(service: "tests", tenant: profile.slug) }

    @EventLoop private static func note(
        read: Bool, of profile: TenantProfile, on server: DatabaseServers.Server
    ) async throws -> String {
        let servers = DatabaseServers([server])
        defer { servers.close() }
        let data = SchemaStore(schema(of: profile), servers.home)
        return try await (read ? data.read("SELECT note FROM notes") : data.query("SELECT note FROM notes"))[0].get(
            "note")
    }

    @Test("a migration that was changed after it was applied is refused")
    func edited() async throws {
        let schema = Schema(service: "tests")
        try await TestDatabase.with { database in
            try await database.scripts.run { connection in
                try Migrator([Self.notes]).migrate(schema, on: connection)
                let other = MigrationSet("notes", [Migration(1, "notes", Array("CREATE TABLE other ()".utf8))])
                #expect(throws: Migrator.Fault.self) { try Migrator([other]).migrate(schema, on: connection) }
                try Migrator([Self.notes]).migrate(schema, on: connection)
            }
        }
    }

    private static let notes = MigrationSet(
        "notes",
        [
            Migration(1, "notes", Array("CREATE TABLE notes (note text)".utf8)),
            Migration(
                2, "with notes",
                Array(
                    """
                    CREATE FUNCTION with_notes(schemas text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
                    DECLARE schema text; found boolean;
                    BEGIN
                        FOREACH schema IN ARRAY schemas LOOP
                            EXECUTE format('SELECT EXISTS (SELECT FROM %I.notes)', schema) INTO found;
                            IF found THEN RETURN NEXT schema; END IF;
                        END LOOP;
                    END $$
                    """.utf8)),
        ])

    private static func profile(_ slug: String, database: String = "server0") throws -> TenantProfile {
        TenantProfile(
            id: .new(), slug: try #require(TenantSlug(slug)), name: "Cabinet", address: "Alger",
            timeZone: "Africa/Algiers", locale: "fr-DZ", phoneCountry: "DZ", database: database)
    }

    @EventLoop private static func register(
        _ profile: TenantProfile, version: Int = 1, with directory: TenantDirectory
    ) async throws {
        try await directory.registry.query(directory.registration(of: profile, version: version))
        try await directory.reload()
    }

    /// Lends several directories, one for each simulated process.
    @EventLoop private static func withDirectories(
        _ count: Int, _ databases: [TestDatabase], away: PostgresConfiguration? = nil,
        _ body: @EventLoop ([TenantDirectory]) async throws -> Void
    ) async throws {
        let service: TenantSlug = "tests"
        let pools = (0..<count).map { _ in
            DatabaseServers(
                databases.enumerated().map { .init(name: "server\($0.offset)", primary: $0.element.configuration) }
                    + (away.map { [.init(name: "away", primary: $0)] } ?? []))
        }
        let directories = pools.map {
            TenantDirectory(service: service, servers: $0, registry: [], tenants: [notes])
        }
        for directory in directories { try await directory.open() }
        try await body(directories)
        for pool in pools { pool.close() }
    }
}
