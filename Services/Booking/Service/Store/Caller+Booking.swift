import Authentication
import BookingDomain
import GuichetProtocol
import Primitives

extension Caller {
    /// The account, as the rules of booking name it.
    var account: Identifier<Actor> { Identifier(user.uuid) }

    var isPatient: Bool { role == .patient }

    var actor: Actor { isPatient ? .patient(account) : .staff(account) }

    /// Patients see the appointments that they took or that were taken for them, staff see all.
    func maySee(_ stored: AppointmentRow) -> Bool {
        !isPatient || stored.owner == account || stored.patientAccount == account
    }
}
