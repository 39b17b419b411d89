package import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Availability: shows within moments which slots of the central index are free, and keeps a journal of publications.
package final class AvailabilityService: GuichetService {
    package static let name: TenantSlug = "availability"
    package static let registryMigrations: [MigrationSet] = [.offices, .anomalies, .pastDays]
    package static let tenantMigrations = [MigrationSet.availability, .anomalies, .outstandingWork, .bookingGeneration]
    /// Under load there is an event for each change of a day.
    package static let relayInterval: Duration = .milliseconds(100)
    package static let sampleEnvironment = ["GUICHET_REDIS_URL": "redis://localhost:1"]

    let configuration: AvailabilityConfiguration, context: ServiceContext, throttle: ClientThrottle
    let activeTenants = ActiveTenants(), calendars = Calendars(), offices: Offices, anomalies: AnomalyRecorder
    let cache: DayCache, health: CacheHealth, reader: DayReader, publisher: CachePublisher, files = BulkFiles()
    let followAppointments: FollowAppointments, followCalendar: FollowCalendar, followRestore: FollowRestore
    let takeReport: TakeReport, requestReports: RequestReports, doubtParkedEvent: DoubtParkedEvent
    let openDays: OpenDays, refreshDays: RefreshDays, refresher: DayRefresher, updateDays: UpdateDays
    let recalculateDay: RecalculateDay, findLosses: FindLosses
    let decideOffice: DecideOffice, findOffice: FindOffice, readStatus: ReadStatus
    let createCareAlert: CreateCareAlert, deleteCareAlert = DeleteCareAlert(), listCareAlerts: ListCareAlerts
    let searchAnswers: SearchAnswers, awaitAppointment = AwaitAppointment(), findOpenOffices: FindOpenOffices
    let readPublicDays: ReadPublicDays, searchPublicSlots: SearchPublicSlots, findChangedDays = FindChangedDays()
    let listPublications = ListPublications(), listAnomalies = ListAnomalies(), listDays = ListDays()

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) throws {
        (configuration, context) = (try AvailabilityConfiguration(&reader), ServiceContext(platform))
        throttle = ClientThrottle(attemptsPerMinute: configuration.searchesPerMinute)
        (offices, anomalies, cache) = (Offices(context), AnomalyRecorder(context), DayCache(configuration.redis))
        health = CacheHealth(context, cache, anomalies)
        self.reader = DayReader(context, cache, health, anomalies)
        publisher = CachePublisher(context, cache, health, LatencyMonitor(context, offices, anomalies))
        (findLosses, updateDays) = (FindLosses(context, anomalies), UpdateDays(context: context))
        (followCalendar, requestReports) = (FollowCalendar(context, calendars), RequestReports(context, calendars))
        followAppointments = FollowAppointments(context, calendars, updateDays)
        (takeReport, followRestore) = (TakeReport(context, calendars, followCalendar), FollowRestore(context))
        (openDays, doubtParkedEvent) = (OpenDays(context, calendars), DoubtParkedEvent(context, calendars))
        refreshDays = RefreshDays(context, calendars, updateDays, publisher)
        refresher = DayRefresher(refreshDays, requestReports, activeTenants)
        recalculateDay = RecalculateDay(context, refresher)
        (decideOffice, findOffice) = (DecideOffice(context, offices), FindOffice(context))
        (createCareAlert, listCareAlerts) = (CreateCareAlert(context, calendars), ListCareAlerts(context))
        searchAnswers = SearchAnswers(SearchSlots(context, calendars, offices, self.reader), configuration)
        findOpenOffices = FindOpenOffices(context, calendars, offices, configuration)
        readPublicDays = ReadPublicDays(self.reader)
        (searchPublicSlots, readStatus) = (SearchPublicSlots(readPublicDays), ReadStatus(context, offices, health))
    }

    package var routes: [Route] {
        SearchRoutes(service: self).routes + CareAlertRoutes(service: self).routes + OfficeRoutes(service: self).routes
            + OversightRoutes(service: self).routes + BulkRoutes(service: self).routes
            + FHIRRoutes(service: self).routes
    }

    package static func problem(_ error: any Error) -> Problem? { AvailabilityProblems.problem(error) }
    package func close() { cache.close() }
}
