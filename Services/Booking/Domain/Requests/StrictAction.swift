/// What a strict request asks for.
///
/// The raw value is the word of the request.
package enum StrictAction: String, CaseIterable, Sendable {
    /// Finds slots.
    case findSlots = "FIND_SLOTS"
    /// Books a slot, or confirms a hold.
    case create = "CREATE"
    /// Moves an appointment.
    case reschedule = "RESCHEDULE"
    /// Cancels an appointment.
    case cancel = "CANCEL"
    /// Confirms a hold.
    case confirmation = "CONFIRMATION"
    /// Asks what is missing.
    case needInfo = "NEED_INFO"
}
