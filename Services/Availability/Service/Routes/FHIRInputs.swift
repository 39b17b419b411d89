import HTTPServer
import Primitives
import Scheduling

// The queries of FHIR searches. The names of parameters are the standard's.

/// A search for schedules.
struct ScheduleSearch: Decodable, Sendable {
    let id: AnyOf<ScheduleReference>?
    let actor: AnyOf<ActorReference>?
    let count: FHIRCount?
    /// The last schedule of the page before.
    let after: Identifier<Resource>?

    private enum CodingKeys: String, CodingKey {
        case actor
        case id = "_id"
        case count = "_count"
        case after = "_after"
    }
}

/// A search for slots.
struct SlotSearchQuery: Decodable, Sendable {
    enum SlotOrder: String, Decodable, CaseIterable, Sendable { case start }
    enum SlotInclude: String, Decodable, CaseIterable, Sendable { case schedule = "Slot:schedule" }

    let schedule: AnyOf<ScheduleReference>?
    /// All must match.
    let start: [DateSearch]?
    let status: AnyOf<FHIR.Slot.Status>?
    let serviceType: AnyOf<CareTypeToken>?
    let count: FHIRCount?
    /// Slots are always in this order.
    let order: SlotOrder?
    let include: SlotInclude?
    /// The last slot of the page before.
    let after: SlotID?

    private enum CodingKeys: String, CodingKey {
        case schedule, start, status
        case serviceType = "service-type"
        case count = "_count"
        case order = "_sort"
        case include = "_include"
        case after = "_after"
    }

    /// The part of `period` that is searched; nil if there is none.
    func window(in period: TimeRange, zone: ZoneOffsets) -> TimeRange? {
        (start ?? []).reduce(period) { range, search in range.flatMap { search.narrowed($0, in: zone) } }
    }

    /// Whether a slot matches, apart from its start.
    func admits(_ slot: PublicSlot) -> Bool {
        (schedule?.contains(ScheduleReference(slot.id.practitioner)) ?? true)
            && (status?.contains(slot.status) ?? true)
            && (serviceType?.contains(CareTypeToken(slot.id.careType)) ?? true)
    }
}

extension ScheduleSearch {
    /// Whether a schedule matches.
    func admits(_ schedule: PublicSchedule, of tenant: TenantSlug) -> Bool {
        let practitioner = schedule.practitioner
        return (id?.contains(ScheduleReference(practitioner)) ?? true)
            && (actor.map { $0.contains(.practitioner(practitioner)) || $0.contains(.location(tenant)) } ?? true)
    }
}
