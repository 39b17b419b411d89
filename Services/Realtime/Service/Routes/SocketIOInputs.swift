/// The argument of `join:patient`.
struct PatientJoin: Codable, Sendable {
    /// The secret token of the ticket.
    let patientToken: String
    /// Not needed: the token names the queue.
    let clinicId: String?
}

/// The argument of `join:clinic`.
struct ClinicJoin: Codable, Sendable {
    /// The id of a queue, or the name of the tenant.
    let clinicId: String
}

/// The argument of `join:display`.
struct DisplayJoin: Codable, Sendable {
    /// The id of a queue.
    let clinicId: String
    /// The token of the display; not needed with an access token.
    let token: String?
}

/// The argument of `auth:token`.
struct FreshToken: Codable, Sendable {
    /// An access token of the same user as before, or the first one.
    let token: String
}
