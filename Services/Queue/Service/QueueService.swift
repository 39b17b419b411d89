package import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Queue: the waiting lines of a tenant, their counters and tickets.
package final class QueueService: GuichetService {
    package static let name: TenantSlug = "queue"
    package static let tenantMigrations: [MigrationSet] = [.queue]
    package static let encryptedColumns = [PersonNames.column]
    /// Digests of tokens and keys, which open tickets.
    package static let unexported: Set<String> = ["tickets.token_digest", "tickets.request", "tickets.fingerprint"]

    let context: ServiceContext, throttle: ClientThrottle
    let createQueue: CreateQueue, changeQueue: ChangeQueue, changeCounter: ChangeCounter
    let readQueues = ReadQueues(), makeJoinToken: MakeJoinToken
    let joinQueue: JoinQueue, readPatientTicket: ReadPatientTicket, changeOwnTicket: ChangeOwnTicket
    let addWalkIn: AddWalkIn, callTicket: CallTicket, changeTicket: ChangeTicket, transferTicket: TransferTicket
    let listTickets: ListTickets, reportLine: ReportLine, removeNames: RemoveNames

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        let (context, configuration) = (ServiceContext(platform), QueueConfiguration(&reader))
        let (tokens, codes) = (PatientTokens(key: platform.blindIndex), JoinTokens(key: platform.blindIndex))
        let (names, changes) = (PersonNames(keyRing: platform.keyRing), LineChanges(context))
        self.context = context
        throttle = ClientThrottle(attemptsPerMinute: configuration.requestsPerMinute)
        createQueue = CreateQueue(context: context)
        (changeQueue, changeCounter) = (
            ChangeQueue(changes: changes), ChangeCounter(context: context, changes: changes)
        )
        makeJoinToken = MakeJoinToken(context: context, codes: codes, lifetime: configuration.joinTokenLifetime)
        joinQueue = JoinQueue(context: context, changes: changes, codes: codes, tokens: tokens, names: names)
        readPatientTicket = ReadPatientTicket(context: context, tokens: tokens)
        changeOwnTicket = ChangeOwnTicket(context: context, changes: changes, readTicket: readPatientTicket)
        addWalkIn = AddWalkIn(context: context, changes: changes, tokens: tokens, names: names)
        (callTicket, changeTicket) = (CallTicket(changes: changes), ChangeTicket(changes: changes))
        transferTicket = TransferTicket(context: context, changes: changes, tokens: tokens)
        listTickets = ListTickets(names: names, tokens: tokens)
        (reportLine, removeNames) = (ReportLine(context: context), RemoveNames(context: context))
    }

    package var routes: [Route] {
        QueueRoutes(service: self).routes + PatientRoutes(service: self).routes + TicketRoutes(service: self).routes
    }

    package static func problem(_ error: any Error) -> Problem? { QueueProblems.problem(error) }
}
