import HTTPServer
import JSONCoding
import Primitives
import QueueDomain

// The inputs of the routes of queues and counters.

/// What the clinic decides about a queue.
struct QueueInput: Codable, Sendable {
    /// The name as patients read it.
    let name: QueueName
    /// The letters and digits before each number; none if absent.
    let numberPrefix: NumberPrefix?
    /// The least number of digits of a number; 3 if absent.
    let numberDigits: Int?
    /// How many tickets may be open before patients are refused; 200 if absent.
    let capacity: Int?
    /// A turn is near when at most so many people are before the ticket; 2 if absent.
    let nearAt: Int?
    /// How many minutes a visit takes as far as the clinic expects; absent if it expects none.
    let expectedVisitMinutes: Int?
    /// How many times the call of a ticket may be repeated; 3 if absent.
    let recallLimit: Int?
    /// A patient who returns after a missed call, or is late, waits behind so many others; 2 if absent.
    let returnBehind: Int?
    /// Whether patients may join who have an open ticket in another queue; true if absent.
    let acceptsOtherTickets: Bool?

    /// - Parameter place: where the input stands in the body.
    func settings(at place: String = "") throws(InvalidInput) -> QueueSettings {
        try QueueBounds.check(
            at: place,
            [
                ("numberDigits", numberDigits, QueueBounds.digits), ("capacity", capacity, QueueBounds.capacity),
                ("nearAt", nearAt, QueueBounds.nearAt),
                ("expectedVisitMinutes", expectedVisitMinutes, QueueBounds.minutes),
                ("recallLimit", recallLimit, QueueBounds.recalls),
                ("returnBehind", returnBehind, QueueBounds.returnBehind),
            ])
        return QueueSettings(
            name: name,
            numbers: NumberFormat(storedPrefix: numberPrefix?.wire ?? "", digits: numberDigits ?? 3),
            capacity: capacity ?? 200, nearAt: nearAt ?? 2, expectedVisitMinutes: expectedVisitMinutes,
            recallLimit: recallLimit ?? 3, returnBehind: returnBehind ?? 2,
            acceptsOtherTickets: acceptsOtherTickets ?? true)
    }
}

/// A queue to make, and its counters.
struct NewQueueInput: Codable, Sendable {
    /// The settings of the queue.
    let settings: QueueInput
    /// The labels of its counters, each another; one counter `Guichet 1` if absent.
    let counters: [CounterLabel]?

    var labels: [CounterLabel] { counters ?? [CounterLabel(stored: "Guichet 1")] }
}

/// The bounds of the numbers that a clinic sets.
enum QueueBounds {
    static let digits = 1...5
    static let capacity = 1...Queue.maximumTickets
    static let nearAt = 0...QueueSettings.maximumNearAt
    static let minutes = 1...600
    static let recalls = 0...20
    static let returnBehind = 1...QueueSettings.maximumReturnBehind

    /// Throws for the numbers outside their bounds.
    static func check(
        at place: String, _ numbers: [(name: String, value: Int?, bounds: ClosedRange<Int>)]
    ) throws(InvalidInput) {
        let wrong = numbers.filter { number in number.value.map { !number.bounds.contains($0) } ?? false }
        guard wrong.isEmpty else {
            throw InvalidInput(
                faults: wrong.map {
                    .init(
                        pointer: "\(place)/\($0.name)",
                        detail: "nombre de \($0.bounds.lowerBound) à \($0.bounds.upperBound) attendu")
                })
        }
    }
}

/// The message to everyone who waits.
struct MessageInput: Codable, Sendable {
    /// The message; absent to withdraw it.
    let message: Announcement?
}

/// A counter to add.
struct NewCounterInput: Codable, Sendable {
    /// The label as patients read it; no other counter of the queue has it.
    let label: CounterLabel
}

/// A counter as it is to be.
struct CounterInput: Codable, Sendable {
    /// The label as patients read it; no other counter of the queue has it.
    let label: CounterLabel
    /// Whether it takes tickets.
    let isInService: Bool
}
