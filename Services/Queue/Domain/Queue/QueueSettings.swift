import Primitives

/// What a clinic decides about a queue.
package struct QueueSettings: Hashable, Sendable {
    /// The most tickets that a returning patient waits behind.
    package static let maximumReturnBehind = 20
    /// The most people before a ticket whose turn is near.
    package static let maximumNearAt = 20

    /// The name as patients read it.
    package let name: QueueName
    /// How numbers are shown.
    package let numbers: NumberFormat
    /// How many tickets may be open before patients are refused.
    package let capacity: Int
    /// A turn is near when at most so many people are before the ticket.
    package let nearAt: Int
    /// How many minutes a visit takes as far as the clinic expects; nil if it expects none.
    package let expectedVisitMinutes: Int?
    /// How many times the call of a ticket may be repeated.
    package let recallLimit: Int
    /// A patient who returns after a missed call waits behind so many others; so does one who is late.
    package let returnBehind: Int
    /// Whether patients may join who have an open ticket in another queue of the tenant.
    package let acceptsOtherTickets: Bool

    package init(
        name: QueueName, numbers: NumberFormat, capacity: Int, nearAt: Int, expectedVisitMinutes: Int?,
        recallLimit: Int, returnBehind: Int, acceptsOtherTickets: Bool
    ) {
        (self.name, self.numbers, self.capacity, self.nearAt) = (name, numbers, capacity, nearAt)
        (self.expectedVisitMinutes, self.recallLimit) = (expectedVisitMinutes, recallLimit)
        (self.returnBehind, self.acceptsOtherTickets) = (returnBehind, acceptsOtherTickets)
    }
}

/// How the numbers of a queue are shown: letters, then digits, for example `A012`.
package struct NumberFormat: Hashable, Sendable {
    /// None to four letters or digits.
    package let prefix: String
    /// The least number of digits, 1 to 5.
    package let digits: Int

    /// Returns nil unless the prefix consists of at most four capital letters and digits, and `digits` is 1 to 5.
    package init?(prefix: String, digits: Int) {
        guard prefix.utf8.count <= 4, (1...5).contains(digits),
            prefix.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        (self.prefix, self.digits) = (prefix, digits)
    }

    /// A format that was accepted when it was stored.
    package init(storedPrefix prefix: String, digits: Int) { (self.prefix, self.digits) = (prefix, digits) }

    /// The number as it is shown.
    package func text(of number: Int) -> String {
        let text = String(number)
        return prefix + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
