import EventLoop
import Postgres
import Primitives
import Tenancy

/// A dependency that did not answer a moment ago: a database server, one tenant's tables, or the service's own.
enum UnavailableDependency: Error, Hashable {
    case server(String)
    case tenant(TenantSlug)
    case registry
}

/// The dependencies that did not answer. For a while they are not tried again, as each try would take its time.
@EventLoop
final class UnavailableDependencies {
    private static let pause: Duration = .seconds(5)

    private let directory: TenantDirectory
    private var pausedUntil: [UnavailableDependency: ContinuousClock.Instant] = [:]

    init(_ directory: TenantDirectory) { self.directory = directory }

    /// Throws ``UnavailableDependency`` if the tenant's data, nil for the service's own, did not answer a moment ago.
    func check(_ tenant: TenantSlug?) throws(UnavailableDependency) {
        let server = tenant.flatMap(directory.serverElsewhere).map(UnavailableDependency.server)
        for dependency in [tenant.map(UnavailableDependency.tenant) ?? .registry, server] {
            if let dependency, let until = pausedUntil[dependency], .now < until { throw dependency }
        }
    }

    /// Pauses what caused an outage in the tenant's data, nil for the service's own. Returns false if that is the home
    /// server as a whole, which all other events need as well.
    @discardableResult
    func pause(_ tenant: TenantSlug?, after error: PostgresError) -> Bool {
        guard let dependency = dependency(of: tenant, behind: error) else { return false }
        pause(dependency)
        return true
    }

    /// Pauses a dependency that is too slow.
    func pause(_ dependency: UnavailableDependency) {
        pausedUntil = pausedUntil.filter { $0.value > .now }
        pausedUntil[dependency] = .now + Self.pause
    }

    private func dependency(of tenant: TenantSlug?, behind error: PostgresError) -> UnavailableDependency? {
        // A server that answers may have failed in these tables alone: a disk is full, or a row is locked.
        if error.isRefusal { return tenant.map(UnavailableDependency.tenant) ?? .registry }
        guard let tenant else { return nil }
        if error.code == .timeout { return .tenant(tenant) }
        return directory.serverElsewhere(of: tenant).map(UnavailableDependency.server)
    }
}
