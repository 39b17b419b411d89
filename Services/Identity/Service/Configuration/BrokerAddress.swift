import Cryptography
import FoundationEssentials
import Runtime

/// The management API of the broker, and the account that manages subscribers there.
struct BrokerAddress: Sendable {
    /// Scheme, host and port.
    let origin: String
    /// The value of `Authorization`.
    let authorization: Secret

    /// Reads `http://user:password@host:port`. Returns nil if the text has another form.
    init?(_ url: Secret) {
        guard let parts = URLComponents(string: url.value), let scheme = parts.scheme,
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/",
            let user = parts.user, let password = parts.password
        else { return nil }
        origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        let padding = String(repeating: "=", count: (3 - "\(user):\(password)".utf8.count % 3) % 3)
        authorization = Secret("Basic \(BaseEncoding.base64.encode(Array("\(user):\(password)".utf8)))\(padding)")
    }
}
