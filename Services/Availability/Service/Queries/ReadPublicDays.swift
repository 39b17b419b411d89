import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import Scheduling

/// Reads what the public may know of an office's days. Long reads yield the event loop in between.
@EventLoop
struct ReadPublicDays {
    private let reader: DayReader

    init(_ reader: DayReader) { self.reader = reader }

    /// The entries of those days that are shown and not withheld, by day.
    func entries(_ days: some Sequence<LocalDay>, at office: OpenOffice) async throws -> [DayEntry] {
        let keys = days.filter(office.days.contains).sorted().map { DayKey(tenant: office.tenant, day: $0) }
        let entries = try await reader.entries(of: keys)
        return keys.compactMap { entries[$0] }.filter { entry in
            if case .view = entry.content { true } else { false }
        }
    }

    /// The slots of entries that were read, by start.
    func slots(_ entries: [DayEntry], at office: OpenOffice) async throws -> [PublicSlot] {
        var slots: [PublicSlot] = []
        try await forEachView(entries) { slots += $0.slots(at: office.now) }
        return slots
    }

    /// The practitioners who give care on one of the days, by id.
    func schedules(at office: OpenOffice) async throws -> [PublicSchedule] {
        var (names, careTypes): ([Identifier<Resource>: String], [Identifier<Resource>: Set<CareType>]) = ([:], [:])
        try await forEachView(entries(office.days, at: office)) { view in
            for care in view.cares {
                for offer in care.offers {
                    names[offer.practitioner] = offer.name
                    careTypes[offer.practitioner, default: []].insert(care.careType)
                }
            }
        }
        return names.sorted { $0.key < $1.key }.map { practitioner, name in
            let given = careTypes[practitioner] ?? []
            return PublicSchedule(
                practitioner: practitioner, name: name, careTypes: CareType.allCases.filter(given.contains))
        }
    }

    private func forEachView(_ entries: [DayEntry], _ body: (DayView) -> Void) async throws {
        for entry in entries {
            guard case .view(let text) = entry.content else { continue }
            guard let view = DayView(text) else { throw CorruptRow("days") }
            body(view)
            await Task.yield()
        }
    }
}
