/// What a service account may do: one kind of operation on one kind of resource.
///
/// The raw value is the wire form, in tokens (RFC 6749 section 3.3) and in every JSON body.
package enum Scope: String, Codable, CaseIterable, Sendable {
    /// Find slots that can be booked.
    case slotsRead = "slots:read"
    /// Read appointments, their history and the agendas.
    case appointmentsRead = "appointments:read"
    /// Hold slots; book, move and cancel appointments.
    case appointmentsWrite = "appointments:write"
    /// Search and read patients and their consents.
    case patientsRead = "patients:read"
    /// Register and change patients, and record consents.
    case patientsWrite = "patients:write"
    /// Read practitioners, rooms, types of care, holidays and settings.
    case calendarRead = "calendar:read"
    /// Change practitioners, rooms, types of care, holidays and settings.
    case calendarWrite = "calendar:write"
    /// Read statistics.
    case statisticsRead = "statistics:read"
    /// Read the audit of accounts: logins, users, tenants, refused callers.
    case auditRead = "audit:read"
}

extension Set<Scope> {
    /// The scopes separated by spaces, in alphabetical order.
    package var text: String { map(\.rawValue).sorted().joined(separator: " ") }

    /// The scopes of a text in which spaces separate them; words that are no scope are ignored.
    package init(text: String) { self.init(text.split(separator: " ").compactMap { Scope(rawValue: String($0)) }) }
}
