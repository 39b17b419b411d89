package import Authentication
package import HTTPServer

extension IdentityService {
    /// Every route, in the order of the documentation.
    package var routes: [Route] {
        AuthenticationRoutes(service: self).routes + UserRoutes(service: self).routes
            + TenantRoutes(service: self).routes + SubscriberRoutes(service: self).routes
            + OversightRoutes(service: self).routes
    }

    /// Asks the database, so that rights end at once where they are granted.
    package func hasStanding(_ principal: Principal) async throws -> Bool {
        try await checkStanding(principal)
    }

    package func refused(_ caller: RefusedCaller) {
        recordRefusal(Caller(caller.principal, network: ClientNetwork(of: caller.clientAddress)), caller.route)
    }

    nonisolated package static func problem(_ error: any Error) -> Problem? { IdentityProblems.problem(error) }
}
