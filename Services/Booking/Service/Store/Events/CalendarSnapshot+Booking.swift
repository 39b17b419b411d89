import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

extension CalendarSnapshot {
    /// The calendar as `transaction` sees it. Days before yesterday are left out.
    @EventLoop static func read(
        of tenant: TenantProfile, zone: ZoneOffsets, at now: Instant, in transaction: Transaction
    ) async throws -> CalendarSnapshot {
        let yesterday = zone.local(now).day.advanced(by: -1)
        return CalendarSnapshot(
            try await CalendarTables.catalog(of: tenant, zone: zone, since: yesterday) {
                try await transaction.batch($0)
            })
    }

    private init(_ catalog: ClinicCatalog) {
        let clinic = catalog.clinic
        self.init(
            version: catalog.version.number, slotGridMinutes: clinic.rules.slotGridMinutes,
            leadTimeMinutes: clinic.rules.leadTimeMinutes, horizonDays: clinic.rules.horizonDays,
            resources: clinic.resources.values.sorted { $0.id < $1.id }.map {
                ResourceSnapshot($0, name: catalog.named($0.id).name)
            },
            careTypes: CareType.allCases.compactMap { careType in
                clinic.careTypes[careType].map { CareTypeSnapshot(careType, $0) }
            },
            holidays: clinic.holidays.sorted())
    }
}

extension ResourceSnapshot {
    fileprivate init(_ resource: Resource, name: String) {
        let hours = resource.hours
        self.init(
            id: Identifier(resource.id.uuid), kind: resource.kind.rawValue, name: name,
            week: Weekday.allCases.compactMap { weekday in
                hours.weekly[weekday].map { WeekdayHours(weekday: weekday.rawValue, hours: OpenHours.list($0)) }
            },
            exceptions: hours.exceptions.sorted { $0.key < $1.key }.map {
                DatedHours(day: $0.key, hours: OpenHours.list($0.value))
            })
    }
}

extension OpenHours {
    fileprivate static func list(_ day: DayHours) -> [OpenHours] {
        day.intervals.map { OpenHours(opens: $0.opens, closes: $0.closes) }
    }
}

extension CareTypeSnapshot {
    fileprivate init(_ careType: CareType, _ settings: CareTypeSettings) {
        self.init(
            careType: careType.rawValue, durationMinutes: settings.duration.minutes,
            bufferBefore: settings.bufferBefore, bufferAfter: settings.bufferAfter,
            practitioners: settings.practitioners.map { Identifier($0.uuid) },
            rooms: settings.rooms?.map { Identifier($0.uuid) })
    }
}
