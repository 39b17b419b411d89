extension BookingService {
    /// What an export of a tenant leaves out: credentials and digests.
    nonisolated package static let unexported: Set = ["feeds", "patients.name_beginnings", "patients.name_rule"]
}
