// Alerts about the line.
extension QueueLine {
    /// Records that the line exceeds a limit of the clinic.
    package mutating func alert() { record(.exceeded) }
}
