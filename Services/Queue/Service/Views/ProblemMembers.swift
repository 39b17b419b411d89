import QueueDomain

/// Why the line does not permit a change.
struct QueueConflict: Codable, Sendable {
    /// What programs decide by.
    enum QueueConflictCode: String, Codable, CaseIterable, Sendable {
        /// The queue takes no patients at present.
        case queueClosed = "queue-closed"
        /// As many tickets are open as the queue may have.
        case queueFull = "queue-full"
        /// The patient has an open ticket in another queue.
        case ticketElsewhere = "ticket-elsewhere"
        /// The status of the ticket does not permit it.
        case transitionNotAllowed = "transition-not-allowed"
        /// The queue has several counters in service, or none, and the request names none.
        case counterRequired = "counter-required"
        /// The queue has no such counter.
        case counterUnknown = "counter-unknown"
        /// The counter takes no tickets at present.
        case counterNotInService = "counter-not-in-service"
        /// The counter has another ticket.
        case counterOccupied = "counter-occupied"
        /// The call was repeated as often as it may be.
        case recallLimit = "recall-limit"
        /// The patient returned as often as they may by themselves.
        case returnLimit = "return-limit"
        /// There is nothing to undo.
        case nothingToUndo = "nothing-to-undo"
        /// The time to undo it is over, or the line has moved on.
        case undoTooLate = "undo-too-late"
        /// No ticket waits behind this one.
        case lastInLine = "last-in-line"
        /// The clinic has no such queue.
        case queueUnknown = "queue-unknown"
        /// The ticket is in this queue already.
        case sameQueue = "same-queue"
        /// Two counters of a queue cannot have one label.
        case counterLabelTaken = "counter-label-taken"
        /// The queue has as many counters as it may have.
        case tooManyCounters = "too-many-counters"
    }

    /// What programs decide by.
    let code: QueueConflictCode
}

/// Why an appointment cannot check in.
struct CheckInConflict: Codable, Sendable {
    /// What programs decide by.
    enum CheckInConflictCode: String, Codable, CaseIterable, Sendable {
        /// No such appointment is known; one that was just booked is known a moment later.
        case unknown
        /// The appointment was cancelled, has not been confirmed, or is over.
        case notConfirmed = "not-confirmed"
        /// The appointment is on another day.
        case notToday = "not-today"

        init(_ refusal: CheckInRefusal) {
            switch refusal {
            case .unknown: self = .unknown
            case .notConfirmed: self = .notConfirmed
            case .notToday: self = .notToday
            }
        }
    }

    /// What programs decide by.
    let code: CheckInConflictCode
}
