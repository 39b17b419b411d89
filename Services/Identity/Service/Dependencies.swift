package import Authentication
package import Cryptography
package import EventLoop
package import Primitives
package import Tenancy

/// What the use cases work with; made once by whoever composes the service.
package struct Dependencies: Sendable {
    /// Tenants and their data.
    package let directory: TenantDirectory
    /// Encrypts what names a person.
    package let keyRing: KeyRing
    /// Finds what is encrypted.
    package let blindIndex: BlindIndex
    /// Where passwords are hashed.
    package let blocking: BlockingPool
    /// The verifier of this process, fed with the keys as they are read.
    package let tokens: TokenVerifier
    package let configuration: IdentityConfiguration
    /// Called when a transaction has put events into the registry's outbox.
    package let announced: @EventLoop @Sendable () -> Void
    /// The clock.
    package let now: @Sendable () -> Instant

    package init(
        directory: TenantDirectory, keyRing: KeyRing, blindIndex: BlindIndex, blocking: BlockingPool,
        tokens: TokenVerifier, configuration: IdentityConfiguration,
        announced: @escaping @EventLoop @Sendable () -> Void, now: @escaping @Sendable () -> Instant = { .now }
    ) {
        self.directory = directory
        self.keyRing = keyRing
        self.blindIndex = blindIndex
        self.blocking = blocking
        self.tokens = tokens
        self.configuration = configuration
        self.announced = announced
        self.now = now
    }
}
