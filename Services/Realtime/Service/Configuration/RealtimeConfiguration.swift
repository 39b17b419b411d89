import Runtime

/// The variables of Realtime.
struct RealtimeConfiguration {
    /// What is served in place of the suite's own routes.
    enum Conformance: String, CaseIterable {
        case off
        /// What the public test suites of Engine.IO and Socket.IO expect.
        case plain
        /// The same with the recovery of connections.
        case recovery
    }

    /// The clients that a process serves at once.
    let clients: Int
    /// Those of one tenant among them.
    let clientsPerTenant: Int
    /// Those of one client address among them.
    let clientsPerAddress: Int
    /// The joins of one client address in a minute that need more than this process knows.
    let lookupsPerMinute: Int
    /// How long changes of a line are gathered before they are sent.
    let gathering: Duration
    /// Whether the test suites of Socket.IO are served.
    let conformance: Conformance

    init(_ reader: inout ConfigurationReader) {
        clients = reader.integer(
            "GUICHET_REALTIME_CLIENTS", default: 20_000, in: 1...200_000, "Clients that a process serves at once.")
        clientsPerTenant = reader.integer(
            "GUICHET_REALTIME_CLIENTS_PER_TENANT", default: 10_000, in: 1...200_000,
            "Clients of one tenant that a process serves at once.")
        clientsPerAddress = reader.integer(
            "GUICHET_REALTIME_CLIENTS_PER_ADDRESS", default: 500, in: 1...200_000,
            "Clients with one address that a process serves at once; those of a clinic may share one.")
        lookupsPerMinute = reader.integer(
            "GUICHET_REALTIME_LOOKUPS_PER_MINUTE", default: 1200, in: 1...1_000_000,
            "Joins of one client address in a minute for which a process must ask another service or its database.")
        gathering = reader.duration(
            "GUICHET_REALTIME_GATHERING", default: .milliseconds(20), in: .zero ... .seconds(1),
            "Shortest pause between two states of a line that are sent; calls are sent at once.")
        conformance = reader.choice(
            "GUICHET_REALTIME_TEST_MODE", default: Conformance.off,
            "Serves only what the public test suites of Engine.IO and Socket.IO expect, with or without recovery.")
    }
}
