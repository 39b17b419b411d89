package import Primitives

/// Finds encrypted values by equality: a keyed digest stored beside the ciphertext, useless without the key.
///
/// Its key must not be one of the key ring's. Replacing it means computing every index again. The caller normalises the
/// value first (case, spaces, phone prefix): equal means equal bytes.
package struct BlindIndex: Sendable {
    private let key: HMAC.Key

    /// Reads a key of 32 bytes in Base64.
    package init(configuration text: String) throws(KeyTextError) {
        guard let key = SecretKey(base64: text) else { throw .malformedKey(id: "blind-index") }
        self.key = HMAC.Key(key)
    }

    /// The digest of `value`: 32 bytes. `label` names the kind of value (`patient.phone`); equal values of different
    /// kinds or tenants have unrelated digests.
    package func digest(of value: String, tenant: TenantSlug, label: String) -> [UInt8] {
        key.authenticate(unambiguous([tenant.description, label, value]))
    }

    /// The keyed fingerprint of a request, made of an unkeyed digest of it.
    package func fingerprint(ofRequest digest: [UInt8], tenant: TenantSlug) -> [UInt8] {
        self.digest(of: BaseEncoding.hexadecimal.encode(digest), tenant: tenant, label: "idempotency")
    }
}
