extension AvailabilityService {
    /// What an export of a tenant leaves out: copies of what Booking has.
    nonisolated package static let unexported: Set = ["booking_generation", "calendar", "days", "placements"]
}
