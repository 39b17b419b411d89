package import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Queue: the waiting lines of a tenant, their counters and tickets.
package final class QueueService: GuichetService {
    package static let name: TenantSlug = "queue"
    package static let registryMigrations: [MigrationSet] = [.displayPairings]
    package static let tenantMigrations: [MigrationSet] = [.queue]
    package static let encryptedColumns = [PersonNames.column]
    /// Digests of tokens and keys, which open tickets and displays, and what Booking has.
    package static let unexported: Set<String> = [
        "tickets.token_digest", "tickets.request", "tickets.fingerprint", "displays.token_digest",
        "booked_appointments",
    ]

    let context: ServiceContext, throttle: ClientThrottle, codeThrottle: ClientThrottle, upkeep: Upkeep
    let createQueue: CreateQueue, changeQueue: ChangeQueue, changeCounter: ChangeCounter, readQueues = ReadQueues()
    let readJoinToken: ReadJoinToken, revokeJoinTokens: RevokeJoinTokens, checkInAppointment: CheckInAppointment
    let joinQueue: JoinQueue, readPatientTicket: ReadPatientTicket, changeOwnTicket: ChangeOwnTicket
    let addWalkIn: AddWalkIn, callTicket: CallTicket, changeTicket: ChangeTicket, transferTicket: TransferTicket
    let listTickets: ListTickets, reportLine: ReportLine, findTicket: FindTicket, displays: DisplayWork
    let setOpeningPlan: SetOpeningPlan, readOpeningPlan = ReadOpeningPlan(), setLineLimits = SetLineLimits()
    let listRunningVisits: ListRunningVisits, readLineStatistics: ReadLineStatistics

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        let (context, configuration) = (ServiceContext(platform), QueueConfiguration(&reader))
        let (tokens, codes) = (PatientTokens(key: platform.blindIndex), JoinTokens(key: platform.blindIndex))
        let (names, changes) = (PersonNames(keyRing: platform.keyRing), LineChanges(context))
        (self.context, createQueue, changeQueue) = (
            context, CreateQueue(context: context), ChangeQueue(changes: changes)
        )
        throttle = ClientThrottle(attemptsPerMinute: configuration.requestsPerMinute)
        codeThrottle = ClientThrottle(attemptsPerMinute: configuration.codesPerMinute)
        (changeCounter, displays) = (ChangeCounter(context: context, changes: changes), DisplayWork(context))
        readJoinToken = ReadJoinToken(context: context, codes: codes)
        revokeJoinTokens = RevokeJoinTokens(readJoinToken: readJoinToken)
        joinQueue = JoinQueue(context: context, changes: changes, codes: codes, tokens: tokens, names: names)
        readPatientTicket = ReadPatientTicket(context: context, tokens: tokens)
        changeOwnTicket = ChangeOwnTicket(context: context, changes: changes, readTicket: readPatientTicket)
        addWalkIn = AddWalkIn(context: context, changes: changes, tokens: tokens, names: names)
        (callTicket, changeTicket) = (CallTicket(changes: changes), ChangeTicket(changes: changes))
        transferTicket = TransferTicket(context: context, changes: changes, tokens: tokens)
        (listTickets, reportLine) = (ListTickets(names: names, tokens: tokens), ReportLine(context: context))
        checkInAppointment = CheckInAppointment(context: context, lines: changes, tokens: tokens)
        findTicket = FindTicket(context: context, codes: codes, tokens: tokens)
        (upkeep, setOpeningPlan) = (Upkeep(context, changes, changeQueue), SetOpeningPlan(context: context))
        (listRunningVisits, readLineStatistics) = (.init(context: context), .init(lines: changes))
    }

    package var routes: [Route] { QueueRoutes.all(of: self) }
    package static func problem(_ error: any Error) -> Problem? { QueueProblems.problem(error) }
}
