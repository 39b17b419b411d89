import Cryptography
import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Lets a practitioner's calendar program read the agenda by a secret address, for such programs cannot sign in.
struct ShareAgenda: Sendable {
    private static let secretBytes = 32

    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// Makes a new secret; the one before is worth nothing any more. It is told this once: only its digest is kept.
    @EventLoop func callAsFunction(_ practitioner: Identifier<Resource>) async throws -> String {
        let secret = BaseEncoding.base64URL.encode(RandomBytes.make(Self.secretBytes))
        let rows = try await desk.store.data.query(
            """
            INSERT INTO feeds (practitioner, token_digest)
            SELECT id, \(Self.digest(of: secret))::bytea FROM resources
            WHERE id = \(practitioner) AND kind = 'practitioner' AND is_active
            ON CONFLICT (practitioner) DO UPDATE SET token_digest = excluded.token_digest, created_at = now()
            RETURNING practitioner
            """)
        guard !rows.isEmpty else { throw NotFound() }
        return secret
    }

    @EventLoop func revoke(_ practitioner: Identifier<Resource>) async throws {
        let rows = try await desk.store.data.query(
            "DELETE FROM feeds WHERE practitioner = \(practitioner) RETURNING practitioner")
        guard !rows.isEmpty else { throw NotFound() }
    }

    /// What is stored of a secret. It has 256 random bits, so nobody can try them out, with or without salt.
    static func digest(of secret: String) -> [UInt8] { SHA256.hash(Array(secret.utf8)) }
}
