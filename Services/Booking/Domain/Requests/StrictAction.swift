/// The actions of the strict request; the raw value is the word of the request.
package enum StrictAction: String, CaseIterable, Sendable {
    case findSlots = "FIND_SLOTS"
    case create = "CREATE"
    case reschedule = "RESCHEDULE"
    case cancel = "CANCEL"
    case confirmation = "CONFIRMATION"
    case needInfo = "NEED_INFO"
}
