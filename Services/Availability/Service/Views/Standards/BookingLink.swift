import FoundationEssentials

/// The address at which a tenant takes appointments, which may have a query already.
struct BookingLink: Sendable {
    private let components: URLComponents

    /// Nil if `address` is malformed.
    init?(_ address: String) {
        guard let components = URLComponents(string: address) else { return nil }
        self.components = components
    }

    /// The address with `slot=` and the slot's id at the end of its query.
    func link(to slot: SlotID) -> String? {
        var components = components
        let item = URLQueryItem(name: "slot", value: slot.description)
        components.percentEncodedQueryItems = (components.percentEncodedQueryItems ?? []) + [item]
        return components.string
    }
}
