import Cryptography
import Postgres
import Primitives
import Scheduling

/// Secret addresses of practitioners' agendas. Only digests of the secrets are stored.
enum Feeds {
    /// Replaces the secret of an active practitioner. Answers false if there is none.
    static func share(_ practitioner: Identifier<Resource>, digest: [UInt8], at now: Instant) -> Query<Bool> {
        Query(
            """
            INSERT INTO feeds (practitioner, token_digest, created_at)
            SELECT id, \(digest)::bytea, \(now)::timestamptz FROM resources
            WHERE id = \(practitioner) AND kind = 'practitioner' AND is_active
            ON CONFLICT (practitioner) DO UPDATE
                SET token_digest = excluded.token_digest, created_at = excluded.created_at
            RETURNING practitioner
            """
        ) { !$0.isEmpty }
    }

    /// Answers false if there is no feed.
    static func revoke(_ practitioner: Identifier<Resource>) -> Query<Bool> {
        Query("DELETE FROM feeds WHERE practitioner = \(practitioner) RETURNING practitioner") { !$0.isEmpty }
    }

    /// The practitioner and the stored digest of a secret.
    static func find(digest: [UInt8]) -> Query<(practitioner: Identifier<Resource>, digest: [UInt8])?> {
        .first("SELECT practitioner, token_digest FROM feeds WHERE token_digest = \(digest)") {
            (try $0.get("practitioner"), try $0.get("token_digest"))
        }
    }

    /// What is stored of a secret. It has 256 random bits, so it cannot be guessed, salted or not.
    static func digest(of secret: String) -> [UInt8] { SHA256.hash(Array(secret.utf8)) }
}
