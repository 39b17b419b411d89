import GuichetProtocol
package import HTTPServer

extension Access {
    /// The tenant's employees.
    package static let staff = Access.allow(.admin, .manager, .staff)
    /// Those who decide about the tenant's settings.
    package static let management = Access.allow(.admin, .manager)
    /// The tenant's employees, and patients for themselves.
    package static let staffAndPatients = Access.allow(.admin, .manager, .staff, .patient)
    /// Those who answer for personal data, and patients for their own.
    package static let personalData = Access.allow(.admin, .manager, .patient)
}
