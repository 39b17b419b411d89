import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Reads the displays of a tenant.
@EventLoop
struct ReadDisplays {
    /// All displays by name.
    func all(in tenant: TenantStore) async throws -> [DisplayView] {
        try await tenant.data.ask(Displays.all).map(DisplayView.init)
    }

    /// Throws `NotFound`.
    func one(_ id: DisplayID, in tenant: TenantStore) async throws -> DisplayView {
        guard let display = try await tenant.data.ask(Displays.find(id)) else { throw NotFound() }
        return DisplayView(display)
    }
}

extension DisplayView {
    init(_ display: StoredDisplay) {
        self.init(
            id: display.id, name: display.name, queues: display.queues, createdAt: display.createdAt,
            pairedAt: display.pairedAt, version: display.version)
    }
}
