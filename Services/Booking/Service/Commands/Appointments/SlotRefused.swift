import BookingDomain

/// The slot is not available; the alternatives are.
struct SlotRefused: Error {
    let reason: BookingError
    let alternatives: [SlotView]
}
