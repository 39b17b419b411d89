import Authentication
import EventLoop
import HTTPServer
import ServiceHost
import Tenancy

extension ServiceContext {
    /// The data of the caller's tenant.
    func store(of call: Call) async throws -> TenantStore { try await store(for: call.authenticated().tenant) }
}
