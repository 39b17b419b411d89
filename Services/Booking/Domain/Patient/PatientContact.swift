package import Primitives

/// Who a patient is and how to reach them.
package struct PatientContact: Hashable, Sendable {
    package let name: PatientName
    package let phone: PhoneNumber
    package let email: EmailAddress?

    /// A name and a phone number at least.
    package init(name: PatientName, phone: PhoneNumber, email: EmailAddress? = nil) {
        (self.name, self.phone, self.email) = (name, phone, email)
    }
}
