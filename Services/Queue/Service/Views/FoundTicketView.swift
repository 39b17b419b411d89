/// The token of a ticket that was found again.
struct FoundTicketView: Codable, Sendable {
    /// The token that opens the ticket to its patient. It is a secret.
    let patientToken: String
}
