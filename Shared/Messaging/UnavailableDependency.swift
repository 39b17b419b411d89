import EventLoop
import Postgres
import Primitives
import Tenancy

/// A dependency that did not answer a moment ago: a database server, or one tenant's tables.
enum UnavailableDependency: Error, Hashable {
    case server(String)
    case tenant(TenantSlug)
}

/// The dependencies that did not answer. For a while they are not tried again, as each try would take its time.
@EventLoop
final class UnavailableDependencies {
    private static let pause: Duration = .seconds(5)

    private let directory: TenantDirectory
    private var pausedUntil: [UnavailableDependency: ContinuousClock.Instant] = [:]

    init(_ directory: TenantDirectory) { self.directory = directory }

    /// Throws ``UnavailableDependency`` if the tenant's data did not answer a moment ago.
    func check(_ tenant: TenantSlug) throws(UnavailableDependency) {
        let server = directory.serverElsewhere(of: tenant).map(UnavailableDependency.server)
        for dependency in [.tenant(tenant), server] {
            if let dependency, let until = pausedUntil[dependency], .now < until { throw dependency }
        }
    }

    /// Pauses what caused an outage in the tenant's data, nil for the service's own. Returns false if that is the home
    /// server, which all other events need as well.
    func pause(_ tenant: TenantSlug?, after error: PostgresError) -> Bool {
        guard let tenant, let dependency = dependency(of: tenant, behind: error) else { return false }
        pausedUntil = pausedUntil.filter { $0.value > .now }
        pausedUntil[dependency] = .now + Self.pause
        return true
    }

    private func dependency(of tenant: TenantSlug, behind error: PostgresError) -> UnavailableDependency? {
        if let server = directory.serverElsewhere(of: tenant) { return .server(server) }
        return error.code == .timeout ? .tenant(tenant) : nil
    }
}

extension PostgresError {
    /// True when the same statement may succeed later, and that of another message would fail now as well.
    var isOutage: Bool {
        switch code {
        case .unavailable, .unknownOutcome, .poolExhausted, .timeout: true
        default: false
        }
    }
}
