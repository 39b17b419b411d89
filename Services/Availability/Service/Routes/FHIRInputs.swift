import HTTPServer
import Primitives
import Scheduling

// The queries of FHIR searches. The names of parameters are the standard's.

/// A search for schedules.
struct ScheduleSearch: Decodable, Sendable {
    /// The ids of schedules, separated by commas.
    let id: AnyOf<ScheduleReference>?
    /// `Practitioner/<id>` or `Location/<tenant>`, several separated by commas.
    let actor: AnyOf<ActorReference>?
    /// The most schedules wanted on a page, 20 if absent; 0 asks for their number alone.
    let count: FHIRCount?
    /// The last schedule of the previous page; absent for the first page.
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
    /// The order of slots.
    enum SlotOrder: String, Decodable, CaseIterable, Sendable { case start }
    /// What is added to the slots.
    enum SlotInclude: String, Decodable, CaseIterable, Sendable { case schedule = "Slot:schedule" }

    /// The schedules, `Schedule/<id>` or the id alone, several separated by commas.
    let schedule: AnyOf<ScheduleReference>?
    /// A comparison with a day or an instant, `ge2026-11-20`; all must match.
    let start: [DateSearch]?
    /// `free` or `busy`, or both separated by a comma.
    let status: AnyOf<FHIR.Slot.Status>?
    /// The types of care, several separated by commas.
    let serviceType: AnyOf<CareTypeToken>?
    /// The most slots wanted on a page, 100 if absent; 0 asks for their number alone.
    let count: FHIRCount?
    /// Slots are always in the order of their start.
    let order: SlotOrder?
    /// Adds the schedules of the slots that are found.
    let include: SlotInclude?
    /// The last slot of the previous page; absent for the first page.
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
