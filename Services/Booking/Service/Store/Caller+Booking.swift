import Authentication
import BookingDomain
import GuichetProtocol
import Primitives

extension Caller {
    /// The account, as an identifier of the domain.
    var account: Identifier<Actor> { Identifier(user.uuid) }

    var isPatient: Bool { role == .patient }

    var actor: Actor { isPatient ? .patient(account) : .staff(account) }

    /// True if they may see the appointment: patients see what they took and what was taken for them, staff see all.
    func maySee(_ stored: StoredAppointment) -> Bool {
        !isPatient || stored.owner == account || stored.patientAccount == account
    }
}
