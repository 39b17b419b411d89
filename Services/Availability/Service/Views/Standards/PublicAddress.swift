import Primitives

/// The address at which clients reach the suite: the beginning of the addresses in answers.
struct PublicAddress: Sendable {
    private let text: String

    /// - Parameter text: with or without a slash at its end.
    init(_ text: String) { self.text = text.hasSuffix("/") ? String(text.dropLast()) : text }

    /// The address of a path and its query.
    func url(_ path: String) -> String { text + path }

    /// The address of a tenant's FHIR server.
    func fhir(_ tenant: TenantSlug) -> String { url("/api/fhir/\(tenant)") }
}
