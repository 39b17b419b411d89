import Cryptography
package import Runtime

/// What the gateway sends in `X-Gateway-Secret`, so that a service believes what it says of the client's address.
package struct GatewaySecret: Sendable {
    private let value: [UInt8]

    /// The secret that gateway and services share.
    package init(_ secret: Secret) { value = Array(secret.value.utf8) }

    /// Compares in constant time; nil never matches.
    func matches(_ text: String?) -> Bool {
        guard let text, !value.isEmpty else { return false }
        return constantTimeEquals(value, Array(text.utf8))
    }
}
