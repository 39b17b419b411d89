import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy
import WaitingLine

/// Adds a patient at the desk, who may have no telephone.
@EventLoop
struct AddWalkIn {
    /// What staff enter.
    struct Wish: Sendable {
        var name: PersonName?
        var careType: CareName?
        var priority = TicketPriority.normal
    }

    let context: ServiceContext
    let changes: LineChanges
    let tokens: PatientTokens
    let names: PersonNames

    /// Throws what the domain refuses.
    func callAsFunction(
        _ wish: Wish, to queue: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> GivenTicketView {
        let (slug, id) = (tenant.tenant.slug, Identifier<Ticket>.new(at: context.now))
        let token = tokens.token(of: id, in: queue, of: slug)
        let newcomer = Newcomer(
            id: id, tokenDigest: token.digest, source: .desk, priority: wish.priority, careType: wish.careType)
        let today = try await changes.today(of: tenant)
        let scope = LineScope.queue(queue)
        let section = LineSection(scope: scope)
        let open = LineRows.openCount(of: scope)
        return try await changes.change(section, asking: open, in: tenant, by: actor, key: key) { change, open in
            let ticket = try change.line.join(newcomer, open: open, today: today)
            change.names[id] = wish.name.map { names.encrypt($0, of: id, in: slug) }
            return GivenTicketView(
                ticket: TicketView(ticket, change.line.queue.settings.numbers), patientToken: token.description)
        }
    }
}
