import FoundationEssentials

/// Where a tenant takes appointments: an address of its own, which may have a query already.
struct BookingLink: Sendable {
    private let components: URLComponents

    /// Nil when `address` is none.
    init?(_ address: String) {
        guard let components = URLComponents(string: address) else { return nil }
        self.components = components
    }

    /// The address with `slot=` and the slot's id behind whatever its query holds.
    func link(to slot: SlotID) -> String? {
        var components = components
        let item = URLQueryItem(name: "slot", value: slot.description)
        components.percentEncodedQueryItems = (components.percentEncodedQueryItems ?? []) + [item]
        return components.string
    }
}
