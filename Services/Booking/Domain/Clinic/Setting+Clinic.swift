package import Scheduling

// The numbers that a clinic may choose beside the rules of its slots. Its address and time zone are the tenant's, which
// Identity has bounded.
extension Setting {
    package static let holdLifetimeSeconds = Setting("holdLifetimeSeconds", in: 5...3600)
    package static let holdsPerClient = Setting("holdsPerClient", in: 1...50)
    package static let bookingsPerClient = Setting("bookingsPerClient", in: 1...200)
    package static let concurrentBookings = Setting("concurrentBookings", in: 1...10_000)
    package static let bookingsPerMinute = Setting("bookingsPerMinute", in: 1...100_000)
    package static let cancellationCutOffMinutes = Setting("cancellationCutOffMinutes", in: 0...(30 * 24 * 60))
}
