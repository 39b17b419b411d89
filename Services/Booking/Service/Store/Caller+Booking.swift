import Authentication
import BookingDomain
import GuichetProtocol
import Primitives
import Scheduling

extension Caller {
    /// The account, as an identifier of the domain.
    var account: Identifier<Actor> { Identifier(user.uuid) }

    var isPatient: Bool { role == .patient }

    var actor: Actor { isPatient ? .patient(account) : .staff(account) }
}

extension SlotSearch {
    /// The slots that the caller can book at `now`. The clinic's lead time binds patients: its reception books those who
    /// come without an appointment.
    init(_ clinic: Clinic, allocations: [Allocation], now: Instant, by caller: Caller) {
        self.init(clinic, allocations: allocations, now: now, isBoundByLeadTime: caller.isPatient)
    }
}
