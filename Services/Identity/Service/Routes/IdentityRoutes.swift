package import Authentication
package import HTTPServer

extension IdentityService {
    /// Every route, in the order of the documentation.
    package var routes: [Route] {
        AuthenticationRoutes(service: self).routes + TokenRoutes(service: self).routes
            + UserRoutes(service: self).routes + ServiceAccountRoutes(service: self).routes
            + TenantRoutes(service: self).routes + SubscriberRoutes(service: self).routes
            + OversightRoutes(service: self).routes
    }

    /// Asks the database, so that rights end at once where they are granted.
    package func hasStanding(_ principal: Principal) async throws -> Bool {
        try await CheckStanding(context: context)(principal)
    }

    package func refused(_ caller: RefusedCaller) {
        let recordRefusal = RecordRefusal(context: context)
        let author = Caller(caller.principal, network: ClientNetwork(of: caller.clientAddress))
        switch caller.reason {
        case .role: recordRefusal.ofRole(author, on: caller.route)
        case .sessionEnded: recordRefusal.ofEndedSession(author, on: caller.route)
        }
    }

    package func close() { broker?.close() }

    nonisolated package static func problem(_ error: any Error) -> Problem? { IdentityProblems.problem(error) }
}
