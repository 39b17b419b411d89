import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The queries of the searches.

/// A search for free slots of a type of care, in a city or at one tenant.
struct SearchQuery: Codable, Sendable {
    /// The type of care.
    let careType: CareType
    /// The earliest start.
    let from: Instant
    /// Slots start before this instant; at most 42 days after `from`, on the calendar of a clinic that is searched.
    let to: Instant
    /// A city, with or without its accents; either this or `office`.
    let place: String?
    /// The slug of a tenant; either this or `place`.
    let office: TenantSlug?
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The most slots wanted; 100 if absent.
    let limit: SlotLimit?
    /// An appointment that the answer must take into account, `<tenant>/<appointment>/<version>` from Booking's answer.
    let seen: SeenAppointment?
}

/// An appointment that the answer must take into account: `<tenant>/<appointment>/<version>`, from Booking's answer.
struct SeenAppointment: Codable, Sendable, SchemaDescribed {
    let tenant: TenantSlug
    let appointment: AppointmentID
    let version: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let parts = try container.decode(String.self).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let tenant = TenantSlug(parts[0]), let appointment = AppointmentID(parts[1]),
            let version = Int(parts[2]), version > 0
        else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "établissement/rendez-vous/version attendu")
        }
        (self.tenant, self.appointment, self.version) = (tenant, appointment, version)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("\(tenant)/\(appointment)/\(version)")
    }

    init(tenant: TenantSlug, appointment: AppointmentID, version: Int) {
        (self.tenant, self.appointment, self.version) = (tenant, appointment, version)
    }

    static var schema: JSONSchema { .string(maxLength: 100) }
    static var sample: SeenAppointment { SeenAppointment(tenant: "cabinet", appointment: .new(), version: 1) }
}

extension SearchQuery {
    /// A page of a calendar: six weeks.
    private static let maximumDays = 42

    /// True if the window is not longer than it may be, on the calendar of a zone.
    func hasPermittedLength(in zone: ZoneOffsets?) -> Bool {
        zone?.isPeriod(from: from, to: to, ofAtMost: Self.maximumDays)
            ?? (to - from <= .seconds(Self.maximumDays * 86_400))
    }

    /// The window of the search, with both ends rounded up to whole minutes. Slots start on whole minutes, so the result
    /// is the same, and searches that differ only in seconds share an answer. Returns nil if it ends before it begins.
    var window: TimeRange? {
        func minute(_ instant: Instant) -> Instant { Instant(seconds: (instant.seconds + 59) / 60 * 60) }
        return TimeRange(minute(from), minute(to))
    }

    /// Why a window is refused.
    static var windowRefused: Problem {
        Problem(
            .invalidQuery, "Indiquez une période de \(maximumDays) jours au plus.",
            errors: [.init(pointer: "/to", detail: "fin attendue après le début, de \(maximumDays) jours au plus")])
    }
}
