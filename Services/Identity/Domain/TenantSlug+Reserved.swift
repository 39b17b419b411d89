package import Primitives

extension TenantSlug {
    /// Whether URLs use this word in the place of a slug, as in `/api/calendar/practitioners/{id}` and
    /// `/api/calendar/{tenant}/{token}`, or may use it later.
    package var isReserved: Bool {
        ["admin", "api", "calendar", "practitioners", "public", "rooms"].contains(description)
    }
}
