package import Scheduling

// What a clinic may choose beside the rules of its slots: numbers, and the lengths of texts.
extension Setting {
    package static let addressLength = Setting("addressLength", in: 1...200)
    package static let timeZoneLength = Setting("timeZoneLength", in: 1...64)
    package static let holdLifetimeSeconds = Setting("holdLifetimeSeconds", in: 5...3600)
    package static let holdsPerClient = Setting("holdsPerClient", in: 1...50)
    package static let concurrentBookings = Setting("concurrentBookings", in: 1...10_000)
    package static let bookingsPerMinute = Setting("bookingsPerMinute", in: 1...100_000)
    package static let cancellationCutOffMinutes = Setting("cancellationCutOffMinutes", in: 0...(30 * 24 * 60))
}
