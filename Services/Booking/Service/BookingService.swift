import EventLoop
package import HTTPServer
package import Primitives
package import Runtime
import Scheduling
package import ServiceHost
package import Tenancy

/// Booking: the central index of who can be seen when, and of every appointment.
package final class BookingService: GuichetService {
    package static let name: TenantSlug = "booking"
    package static let tenantMigrations: [MigrationSet] = [.booking]
    package static let encryptedColumns = [PatientRecords.contact]

    let context: ServiceContext
    let findSlots: FindSlots, takeSlot: TakeSlot, changeAppointment: ChangeAppointment
    let readAppointment: ReadAppointment, listAppointments: ListAppointments, readStatistics: ReadStatistics
    let registerPatient: RegisterPatient, changePatient: ChangePatient, recordConsent: RecordConsent
    let linkPatient: LinkPatient
    let readPatient: ReadPatient, exportPatient: ExportPatient, erasePatient: ErasePatient
    let readCalendar: ReadCalendar, changeResource: ChangeResource, changeException: ChangeException
    let changeHoliday: ChangeHoliday, setCareType: SetCareType, setRules: SetRules
    let shareAgenda: ShareAgenda, readAgenda: ReadAgenda, reportAgenda: ReportAgenda
    let watchHolds: WatchHolds, endRetention: EndRetention, renewNameIndexes: RenewNameIndexes

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        context = ServiceContext(platform)
        let catalogs = ClinicCatalogs(context)
        let patients = PatientRecords(keyRing: platform.keyRing, blindIndex: platform.blindIndex)
        let appointments = Appointments(context: context, patients: patients)
        let changes = CalendarChanges(context: context, catalogs: catalogs)
        findSlots = FindSlots(context: context, catalogs: catalogs)
        takeSlot = TakeSlot(context, catalogs, patients, appointments, findSlots)
        changeAppointment = ChangeAppointment(context, catalogs, patients, appointments, findSlots)
        (readAppointment, listAppointments) = (ReadAppointment(catalogs), ListAppointments(catalogs, patients))
        registerPatient = RegisterPatient(context: context, patients: patients)
        linkPatient = LinkPatient(context: context, patients: patients)
        (changePatient, recordConsent) = (ChangePatient(patients), RecordConsent(patients))
        (readPatient, exportPatient) = (ReadPatient(patients), ExportPatient(context, catalogs, patients))
        erasePatient = ErasePatient(context: context, patients: patients, changeAppointment: changeAppointment)
        readCalendar = ReadCalendar(context: context, catalogs: catalogs)
        changeResource = ChangeResource(context: context, changes: changes)
        (changeException, changeHoliday) = (ChangeException(changes: changes), ChangeHoliday(changes: changes))
        (setCareType, setRules) = (SetCareType(changes: changes), SetRules(changes: changes))
        (shareAgenda, readAgenda) = (ShareAgenda(context), ReadAgenda(context, catalogs))
        (readStatistics, reportAgenda) = (ReadStatistics(catalogs), ReportAgenda(context: context, catalogs: catalogs))
        watchHolds = WatchHolds(context, ExpireHolds(catalogs, appointments))
        endRetention = EndRetention(context, erasePatient, BookingConfiguration(&reader))
        renewNameIndexes = RenewNameIndexes(context: context, patients: patients)
    }

    package var routes: [Route] {
        AppointmentRoutes(service: self).routes + ResourceRoutes(service: self, kind: .practitioner).routes
            + ResourceRoutes(service: self, kind: .room).routes + CalendarRoutes(service: self).routes
            + PatientRoutes(service: self).routes + StrictRoutes(service: self).routes
            + StatisticsRoutes(service: self).routes + FeedRoutes(service: self).routes
    }

    package static func problem(_ error: any Error) -> Problem? { BookingProblems.problem(error) }
}
