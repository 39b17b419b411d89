import Authentication
import BookingDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// A sample of each statement that Booking reads by, and of those that are run rarely. A test has PostgreSQL plan them.
enum BookingQueries {
    static func samples(_ patients: PatientRecords, _ caller: Caller) -> [SQL] {
        let queries = appointments(caller) + calendar + records(patients, caller)
        return queries.compactMap { $0 } + writes
    }

    private static let now = Instant(seconds: 1_800_000_000)
    private static let window = TimeRange(only: now)
    private static let day = LocalDay(daysSinceEpoch: 20_000)
    private static let resource = Identifier<Resource>.new()
    private static let appointment = Identifier<Appointment>.new()
    private static let patient = Identifier<Patient>.new()
    private static let contact = PatientContact(
        name: PatientName(stored: "Amina Benali"), phone: PhoneNumber(stored: "+213551234567"))
    private static let slot = SlotQuery(.consultation, at: now, practitioner: resource)

    private static func appointments(_ caller: Caller) -> [SQL?] {
        let filter = AppointmentList.Filter(
            from: now, to: now, practitioner: resource, patient: patient, status: "confirmed")
        let list = AppointmentList(
            filter: filter, position: AppointmentList.Position(start: now, id: appointment))
        return [
            StoredAppointment.find(appointment).statement,
            StoredAppointment.find(of: patient, visibleTo: caller).statement,
            list.find(visibleTo: caller, limit: 2).statement, AppointmentHistory.find(appointment).statement,
            AppointmentHistory.find(of: patient).statement,
            Allocations.conflicting(with: slot, at: now).statement,
            Allocations.overlapping(window, at: now, except: appointment).statement,
            Holds.count(of: caller.account, at: now).statement, Holds.lapsed(at: now, limit: 2).statement,
            Holds.nextDeadline.statement, Holds.nextDeadlines(in: ["a", "b"]),
            Holds.requireFewer(than: 3, of: caller.account, at: now),
            AccountLimits.requireFewerBookings(than: 3, of: caller.account, at: now),
            AccountLimits.requireFewerPatients(of: caller.account),
            AccountLimits.requireFewerConsents(of: patient, by: caller.account),
            FutureAppointments.find(of: resource, from: now, to: now).statement,
            ReportedAgenda.differences(in: window, from: [KnownAppointment(id: .new(), version: 1)]).statement,
            Statistics.counts(from: now, to: now).statement,
            Statistics.medianLeadMinutes(from: now, to: now).statement,
            AgendaFeed.Entry.find(of: resource, since: now, cancelledSince: now, limit: 2).statement,
        ]
    }

    private static let calendar: [SQL?] = [
        CalendarTables.version.statement, CalendarTables.lock, CalendarTables.raise.statement,
        CalendarTables.require(version: EntityVersion(generation: 1, number: 1)),
        CalendarTables.require(generation: 1), Resources.all.statement, Resources.find(.room).statement,
        Resources.kinds(of: [resource], for: .consultation).statement, Resources.deactivate(resource),
        OpeningTimes.weekly.statement, OpeningTimes.weekly(of: .room, resource).statement,
        OpeningTimes.exceptions(since: day).statement, Exceptions.version(of: day, of: resource).statement,
        Exceptions.list(of: resource, in: day...day).statement, Exceptions.remove(day, of: resource),
        Holidays.version(of: day).statement, Holidays.days(since: day).statement,
        Holidays.list(in: day...day).statement, Holidays.remove(day), CareTypes.all.statement,
        CareTypes.resources.statement, CareTypes.activeResources.statement,
        CareTypes.version(of: .consultation).statement,
        Feeds.share(resource, digest: [1], at: now).statement, Feeds.revoke(resource).statement,
        Feeds.find(digest: [1]).statement,
    ]

    private static func records(_ patients: PatientRecords, _ caller: Caller) -> [SQL?] {
        let retention = Retention(years: 7, before: now)
        return [
            patients.find(.patient(patient), for: caller, in: "sample").statement,
            patients.find(.contact(contact), for: caller, in: "sample", meanwhile: .new(slot, at: now)).statement,
            patients.find(.patient(patient), for: caller, in: "sample", meanwhile: .present(of: appointment, at: now))
                .statement,
            patients.find([patient], in: "sample").statement,
            AppointmentPeriod.moved(appointment, to: now, at: now).ofItsPatient.statement,
            NameBeginning("Ben").flatMap { beginning in
                patients.candidates(for: .name(beginning), after: patient, limit: 2, in: "sample").statement
            },
            patients.candidates(for: .phone(contact.phone), after: patient, limit: 2, in: "sample").statement,
            patients.ofOlderRule(limit: 2, in: "sample").statement,
            patients.renewIndexes(
                of: StoredPatient(
                    patient: Patient(id: patient, identity: .known(contact)), link: .none,
                    version: EntityVersion(generation: 1, number: 1)), in: "sample"),
            patients.find(patient, for: caller, in: "sample").statement,
            patients.lock(patient, in: "sample").statement,
            Consents.find(patient, for: caller).statement,
            AccessAudit.find(patient, for: caller, before: 9, limit: 2).statement,
            AccessAudit.record(.readAppointment, by: caller, in: appointment),
            AccessAudit.recordErasure(of: patient, by: nil), AccessAudit.prune(before: retention, limit: 2),
            retention.endedPatients(limit: 2).statement, Erasure.openAppointments(of: patient, at: now).statement,
        ]
    }

    private static var writes: [SQL] {
        let appointment = Appointment(
            stored: appointment,
            slot: Slot(
                careType: .consultation, practitioner: resource, room: nil, range: window, blocked: window),
            patient: patient, status: .held(until: now), version: 1, sequence: 0)
        let free = AccountLimits.requireFreePatient(for: appointment, at: now)
        return Erasure.traces(of: patient) + AccountErasure(of: .new(), at: now).statements
            + Allocations.take(appointment, at: now) + [free].compactMap { $0 }
    }
}
