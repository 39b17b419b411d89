import Authentication
import BookingDomain
import GuichetProtocol
import HTTPServer
import Idempotency
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

    /// What the caller says to have seen of the thing to be replaced.
    func precondition() throws -> Precondition {
        guard header("if-match") != nil else { return .unstated }
        return try expectedVersion().map { .version(Int($0.version)) } ?? .anyVersion
    }

    /// The record under this request's key; nil when it has none.
    ///
    /// - Parameter operation: keys of different operations do not meet.
    func key(_ operation: String) throws -> IdempotencyRecord? {
        guard let idempotency else { return nil }
        let scope = "\(try authenticated().userID) \(operation)"
        return IdempotencyRecord(scope: scope, key: idempotency.key, fingerprint: idempotency.fingerprint)
    }
}
