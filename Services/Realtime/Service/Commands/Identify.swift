import Authentication
import EventLoop
import ServiceHost
import Tenancy

/// Takes the access token of a client: the first one, or a fresh one on a living connection.
@EventLoop
struct Identify {
    let context: ServiceContext
    let rooms: Rooms
    let clients: Clients

    /// Throws ``Refusal/expired`` for a token that has ended, ``Refusal/forbidden`` for another user than before and for a
    /// page that the tenant does not permit, ``Refusal/unauthenticated`` for any other token.
    func callAsFunction(_ token: String, _ client: Client) throws(Refusal) {
        do {
            let principal = try verify(token)
            guard client.permits(principal.tenant) else { throw Refusal.forbidden }
            if let earlier = client.principal {
                // The rooms that are open were opened for the earlier user, with that role.
                guard earlier.userID == principal.userID, earlier.tenant == principal.tenant,
                    earlier.rights == principal.rights
                else { throw Refusal.forbidden }
            }
            try clients.assign(client, to: principal.tenant)
            client.identify(as: principal)
        } catch let refusal as Refusal {
            throw clients.count(refusal)
        } catch {
            throw clients.count(.unauthenticated)
        }
    }

    private func verify(_ token: String) throws -> Principal {
        let platform = context.platform
        do {
            let principal = try platform.tokens.verify(token)
            guard !platform.directory.hasEnded(principal.tenant) else { throw Refusal.expired }
            return principal
        } catch TokenError.expired {
            throw Refusal.expired
        } catch TokenError.sessionEnded {
            throw Refusal.expired
        }
    }
}
