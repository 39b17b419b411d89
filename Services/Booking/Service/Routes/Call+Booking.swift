import Authentication
import BookingDomain
import GuichetProtocol
import HTTPServer
import Primitives

extension Access {
    /// Whoever makes appointments: the clinic's people, and patients for themselves.
    static let booking = Access.allow(.admin, .manager, .staff, .patient)
    /// The clinic's people.
    static let staff = Access.allow(.admin, .manager, .staff)
    /// Who answers for the data of patients, and patients for their own.
    static let personalData = Access.allow(.admin, .manager, .patient)
    /// Who decides about the calendar.
    static let management = Access.allow(.admin, .manager)
}

extension Call {
    /// Who asks, as the rules of booking see it.
    func caller() throws -> Caller {
        let principal = try authenticated()
        return Caller(account: Identifier(principal.userID.uuid), role: principal.role)
    }
}
