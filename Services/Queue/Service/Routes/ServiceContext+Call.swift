import Authentication
import EventLoop
import HTTPServer
import ServiceHost
import Tenancy

extension ServiceContext {
    /// The data of the caller's tenant.
    func store(of call: Call) async throws -> TenantStore { try await store(for: call.authenticated().tenant) }
}

extension Call {
    /// The caller, as the log of a line names them. Throws the 401 problem where there is no token.
    func lineActor() throws(Problem) -> LineActor { LineActor(try caller()) }
}
