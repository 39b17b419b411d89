import Authentication
import BookingDomain
import EventLoop
import Postgres
import Primitives

/// For whom a slot is taken.
enum Recipient: Sendable {
    /// Nobody yet: the slot is held.
    case hold
    /// A patient that is known already.
    case patient(Identifier<Patient>)
    /// A patient by name and telephone, registered on the way if need be.
    case contact(PatientContact)
}

extension Desk {
    /// Finds the recipient; its rows go to ``patient(_:_:_:_:)``.
    func query(for recipient: Recipient) -> SQL {
        switch recipient {
        case .hold: "SELECT"
        case .patient(let id): patients.find(id)
        case .contact(let contact): patients.find(contact)
        }
    }

    /// The patient's id; one that is not known yet is added to what is written.
    func patient(
        _ recipient: Recipient, _ rows: [Row], _ caller: Caller, _ preparation: inout [SQL]
    ) throws -> Identifier<Patient> {
        switch recipient {
        case .hold: throw BookingError.patientRequired
        case .patient:
            guard let row = rows.first else { throw NotFound() }
            // A patient books for himself: somebody else's record is not there for him.
            if caller.isPatient, try row.find("account", as: Identifier<Actor>.self) != caller.account {
                throw NotFound()
            }
            try patients.patient(row).requireKnown()
            return try row.get("id")
        case .contact(let contact):
            if let row = rows.first { return try row.get("id") }
            let id = Identifier<Patient>.new(at: now())
            preparation += [
                try patients.insert(id, contact, account: caller.isPatient ? caller.account : nil),
                AccessAudit.record(.register, by: caller, of: id),
            ]
            return id
        }
    }
}
