package import Primitives

/// The name of a city.
package typealias City = OneLine<80>

/// The name or the code of a state, province or wilaya.
package typealias StateName = OneLine<80>

/// A postal code, as it is written in the country.
package typealias PostalCode = OneLine<16>

/// What a tenant has decided about the publication of its free slots.
package struct Office: Hashable, Sendable {
    /// The greatest number of ``identifiers``.
    package static let maximumIdentifiers = 8

    /// Whether the public may search it.
    package let isOpen: Bool
    /// Where it is, as people write it.
    package let city: City
    package let state: StateName?
    package let postalCode: PostalCode?
    /// The telephone number for appointments.
    package let phone: PhoneNumber?
    /// The address for appointments; the slot is appended.
    package let bookingURL: WebAddress?
    /// What others call the place, for readers who know it from elsewhere.
    package let identifiers: [OfficeIdentifier]
    /// The longest time that a publication may take.
    package let latencyLimit: LatencyLimit

    package init(
        isOpen: Bool, city: City, state: StateName? = nil, postalCode: PostalCode? = nil, phone: PhoneNumber?,
        bookingURL: WebAddress?, identifiers: [OfficeIdentifier] = [], latencyLimit: LatencyLimit
    ) {
        (self.isOpen, self.city, self.state, self.postalCode) = (isOpen, city, state, postalCode)
        (self.phone, self.bookingURL) = (phone, bookingURL)
        (self.identifiers, self.latencyLimit) = (identifiers, latencyLimit)
    }

    /// Whether people who have found a slot can ask for it. SMART Scheduling Links demands it of each location.
    package var hasContact: Bool { phone != nil || bookingURL != nil }
}
