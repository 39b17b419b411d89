import Authentication
import BookingDomain
import GuichetProtocol
import Primitives
import Scheduling

extension Caller {
    /// The account, as an identifier of the domain.
    var account: Identifier<Actor> { Identifier(user.uuid) }

    /// Patients act for themselves. Staff and service accounts act for the clinic; the scopes of a
    /// service account decide which routes it may call, and nothing else.
    var isPatient: Bool { role == .patient }

    var actor: Actor {
        switch rights {
        case .role(.patient): .patient(account)
        case .role: .staff(account)
        case .scopes: .serviceAccount(account)
        }
    }

    /// Their kind, as lines of the audit name it.
    var kind: String { role?.rawValue ?? actor.kind }
}

extension SlotSearch {
    /// The slots that the caller can book at `now`. The clinic's lead time binds patients: its reception books those who
    /// come without an appointment.
    init(_ clinic: Clinic, allocations: [Allocation], now: Instant, by caller: Caller) {
        self.init(clinic, allocations: allocations, now: now, isBoundByLeadTime: caller.isPatient)
    }
}
