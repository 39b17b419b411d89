package import Primitives

extension TenantSlug {
    /// Whether this is a word that stands beside slugs in addresses, as in `/api/calendar/practitioners/{id}` and
    /// `/api/calendar/{tenant}/{token}`, or is kept for addresses to come.
    package var isReserved: Bool {
        ["admin", "api", "calendar", "practitioners", "public", "rooms"].contains(description)
    }
}
