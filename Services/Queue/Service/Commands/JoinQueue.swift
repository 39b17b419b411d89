import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Lets a patient join a queue by its code, without an account.
///
/// One person gets one ticket: a request that is sent again with its key, and a browser that sends the token of a ticket
/// that is still open, get that ticket.
@EventLoop
struct JoinQueue {
    /// What a patient sends.
    struct Wish: Sendable {
        let code: JoinToken
        var name: PersonName?
        var careType: CareName?
        /// The token of a ticket that the browser has already.
        var former: PatientToken?
        /// The key and the digest of a request that must not make two tickets.
        var request: (key: String, fingerprint: [UInt8])?
    }

    /// The code is not valid, or no longer.
    struct CodeRefused: Error {}

    let context: ServiceContext
    let changes: LineChanges
    let codes: JoinTokens
    let tokens: PatientTokens
    let names: PersonNames

    /// Throws ``CodeRefused``, ``IdempotencyRecord/Fault`` and what the domain refuses.
    func callAsFunction(_ wish: Wish) async throws -> JoinView {
        let tenant = try await context.store(for: wish.code.tenant)
        let (slug, now) = (tenant.tenant.slug, context.now)
        let id = Identifier<Ticket>.new(at: now)
        let token = tokens.token(of: id, in: wish.code.queue, of: slug)
        let newcomer = Newcomer(id: id, tokenDigest: token.digest, source: .code, careType: wish.careType)
        let join = wish.request.map {
            JoinRequest(digest: tokens.digest(ofKey: $0.key, tenant: slug), fingerprint: $0.fingerprint)
        }
        let former = wish.former.flatMap { $0.tenant == slug ? $0 : nil }
        let scope = LineScope.queue(wish.code.queue)
        let section = LineSection(
            scope: scope,
            subjects: [join.map { .request($0.digest) }, former.map { .token($0.digest) }].compactMap { $0 })
        let today = try await changes.today(of: tenant)
        let extra = JoinFacts.find(former: former?.digest, request: join, place: newcomer.place(at: now), in: scope)
        return try await changes.change(section, asking: extra, in: tenant, by: .patient) { change, facts in
            if let ticket = facts.same.flatMap({ change.line.tickets[$0] }) {
                guard facts.hasSameFingerprint else { throw IdempotencyRecord.Fault.reused }
                return view(of: ticket, in: change.line, rank: facts.rank, slug)
            }
            guard codes.accept(wish.code, generation: change.stored.joinGeneration, at: change.line.now) else {
                throw CodeRefused()
            }
            if let open = facts.formerTicket.flatMap({ change.line.tickets[$0] }), open.state.status.isOpen {
                return view(of: open, in: change.line, rank: facts.rank, slug)
            }
            guard !facts.isElsewhere || change.line.queue.settings.acceptsOtherTickets else {
                throw QueueError.ticketElsewhere
            }
            let ticket = try change.line.join(newcomer, open: facts.open, today: today)
            change.requests[id] = join
            change.names[id] = wish.name.map { names.encrypt($0, of: id, in: slug) }
            let view = view(of: ticket, in: change.line, rank: facts.tail.rank(at: ticket.state.place), slug)
            if let wait = view.estimatedWait {
                change.statements.append(LineStatistics.record(id, atLeast: wait.from, atMost: wait.to))
            }
            return view
        }
    }

    private func view(
        of ticket: Ticket, in line: QueueLine, rank: Int, _ tenant: TenantSlug
    ) -> JoinView {
        JoinView(
            PatientTicketView(ticket, in: line, rank: rank, code: tokens.code(of: ticket.id, in: tenant)),
            token: tokens.token(of: ticket.id, in: ticket.queue, of: tenant).description)
    }
}
