package import Postgres

/// The keys that a service verifies tokens with, in its own schema.
package enum VerificationKeys {
    /// The statement that records a JSON Web Key Set; it ignores versions that are not newer than the known one.
    package static func record(_ keySet: String, version: Int) -> SQL {
        """
        INSERT INTO verification_keys (version, key_set) VALUES (\(version), \(keySet)::jsonb)
        ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, key_set = excluded.key_set
            WHERE excluded.version > verification_keys.version
        """
    }
}
