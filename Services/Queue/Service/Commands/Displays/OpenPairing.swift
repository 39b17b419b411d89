import Cryptography
import EventLoop
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Lets a screen wait for its confirmation under a code that it shows.
@EventLoop
struct OpenPairing {
    private static let lifetime: Duration = .seconds(600)
    private static let attempts = 4

    let context: ServiceContext

    /// Throws ``TooManyPairings`` if too many screens wait.
    func callAsFunction() async throws -> PairingView {
        let (now, secret) = (context.now, PairingSecret())
        let expiry = now + Self.lifetime
        for _ in 0..<Self.attempts {
            let code = ShortCode(choosing: RandomBytes.make(ShortCode.length))
            let insert = DisplayPairings.insert(code, secretDigest: secret.digest, until: expiry, at: now)
            if try await context.registry.ask(insert) {
                return PairingView(code: code.description, secret: secret.text, expiresAt: expiry)
            }
        }
        throw TooManyPairings()
    }
}

/// As many screens wait for their confirmation as may at a time.
struct TooManyPairings: Error {}
