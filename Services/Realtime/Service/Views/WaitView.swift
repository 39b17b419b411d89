import WaitingLine

/// How long a ticket is expected to wait.
struct WaitView: Codable, Hashable, Sendable {
    /// Whole minutes; half of the waits are shorter.
    let from: Int
    /// Whole minutes; four waits of five are shorter.
    let to: Int

    init(_ estimate: WaitEstimate) { (from, to) = (estimate.from, estimate.to) }
}
