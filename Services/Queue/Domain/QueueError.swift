/// Why a rule of the waiting line refused a request.
package enum QueueError: Error, Hashable, Sendable {
    /// The queue takes no patients at present.
    case queueClosed
    /// As many tickets are open as the queue may have.
    case queueFull(limit: Int)
    /// The patient has an open ticket in another queue, and this queue does not accept that.
    case ticketElsewhere
    /// The status of the ticket does not permit it.
    case transitionNotAllowed(from: TicketStatus)
    /// The queue has several counters, and the request names none.
    case counterRequired
    /// The queue has no such counter.
    case counterUnknown
    /// The counter takes no tickets at present.
    case counterNotInService
    /// The counter has another ticket.
    case counterOccupied
    /// The call was repeated as often as it may be.
    case recallLimit(Int)
    /// The ticket returned as often as it may by itself.
    case returnLimit(Int)
    /// There is nothing to undo.
    case nothingToUndo
    /// The time to undo it is over, or the line has moved on.
    case undoTooLate
    /// No one waits behind the ticket.
    case lastInLine
    /// The tenant has no such queue.
    case queueUnknown
    /// The ticket is in this queue already.
    case sameQueue
    /// Two counters of a queue cannot have one label.
    case counterLabelTaken
    /// The queue has as many counters as it may have.
    case tooManyCounters(limit: Int)

    /// The published name of the case, which never changes.
    package var slug: String {
        switch self {
        case .queueClosed: "queue-closed"
        case .queueFull: "queue-full"
        case .ticketElsewhere: "ticket-elsewhere"
        case .transitionNotAllowed: "transition-not-allowed"
        case .counterRequired: "counter-required"
        case .counterUnknown: "counter-unknown"
        case .counterNotInService: "counter-not-in-service"
        case .counterOccupied: "counter-occupied"
        case .recallLimit: "recall-limit"
        case .returnLimit: "return-limit"
        case .nothingToUndo: "nothing-to-undo"
        case .undoTooLate: "undo-too-late"
        case .lastInLine: "last-in-line"
        case .queueUnknown: "queue-unknown"
        case .sameQueue: "same-queue"
        case .counterLabelTaken: "counter-label-taken"
        case .tooManyCounters: "too-many-counters"
        }
    }
}
