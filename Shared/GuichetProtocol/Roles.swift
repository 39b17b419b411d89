/// What a user may do.
///
/// The raw value is the wire form, in tokens and in every JSON body.
package enum Role: String, Codable, CaseIterable, Sendable {
    /// Runs the installation: creates tenants and their first administrators. Belongs to the platform's own tenant.
    case superAdmin = "super_admin"
    /// Runs one tenant: its settings, its users, its personal data requests.
    case admin
    /// Runs the daily business of a tenant: opening hours, practitioners, menus, closures, statistics.
    case manager
    /// Works at the counter: appointments, patients, the waiting line.
    case staff
    /// A person received by the tenant, who sees and changes their own appointments only.
    case patient
    /// Serves in the room of a restaurant: tables and orders.
    case waiter
    /// Takes payments and closes bills.
    case cashier
    /// A screen in a waiting room: reads the line, changes nothing.
    case display
    /// The kitchen's ERP: reports dishes that are ready.
    case erp
}
