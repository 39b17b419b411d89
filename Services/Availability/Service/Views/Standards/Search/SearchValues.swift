import Primitives
import Scheduling

// The values that searches for slots and schedules can select.

/// A type of care as a token: `consultation`, or with its system and a bar before it.
struct CareTypeToken: SearchValue {
    let careType: CareType

    init(_ careType: CareType) { self.careType = careType }

    init?(searchText text: Substring) {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || parts[0] == FHIR.careTypes, let code = parts.last,
            let careType = CareType(rawValue: String(code))
        else { return nil }
        self.careType = careType
    }

    static var expectation: String {
        "type de soin attendu parmi : \(CareType.allCases.map(\.rawValue).joined(separator: ", "))"
    }
}

/// A schedule by its id, which is its practitioner's: `01a1faa0-…`, or with `Schedule/` before it.
struct ScheduleReference: SearchValue {
    let practitioner: Identifier<Resource>

    init(_ practitioner: Identifier<Resource>) { self.practitioner = practitioner }

    init?(searchText text: Substring) {
        let id = text.hasPrefix("Schedule/") ? text.dropFirst("Schedule/".count) : text
        guard let practitioner = Identifier<Resource>(id) else { return nil }
        self.practitioner = practitioner
    }

    static var expectation: String { "identifiant d’agenda attendu, par exemple Schedule/01a1faa0-…" }
}

/// The owner of a schedule: `Location/<tenant>` or `Practitioner/<id>`.
enum ActorReference: SearchValue {
    case location(TenantSlug)
    case practitioner(Identifier<Resource>)

    init?(searchText text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "Location":
            guard let tenant = TenantSlug(parts[1]) else { return nil }
            self = .location(tenant)
        case "Practitioner":
            guard let practitioner = Identifier<Resource>(parts[1]) else { return nil }
            self = .practitioner(practitioner)
        default: return nil
        }
    }

    static var expectation: String { "Location/… ou Practitioner/… attendu" }
}
