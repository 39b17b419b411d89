/// A number, or the length of a text, that a clinic may choose within bounds.
package enum ClinicSetting: String, CaseIterable, Sendable {
    case addressLength, timeZoneLength
    case bufferBeforeMinutes, bufferAfterMinutes, slotGridMinutes
    case leadTimeMinutes, horizonDays
    case holdLifetimeSeconds, holdsPerClient, concurrentBookings, bookingsPerMinute
    case cancellationCutOffMinutes

    /// The values that are accepted.
    package var bounds: ClosedRange<Int> {
        switch self {
        case .addressLength: 1...200
        case .timeZoneLength: 1...64
        case .bufferBeforeMinutes, .bufferAfterMinutes: 0...120
        case .slotGridMinutes: 5...120
        case .leadTimeMinutes, .cancellationCutOffMinutes: 0...(30 * 24 * 60)
        case .horizonDays: 1...730
        case .holdLifetimeSeconds: 5...3600
        case .holdsPerClient: 1...50
        case .concurrentBookings: 1...10_000
        case .bookingsPerMinute: 1...100_000
        }
    }

    func check(_ value: Int) throws(BookingError) {
        guard bounds.contains(value) else { throw .settingOutOfRange(self) }
    }
}
