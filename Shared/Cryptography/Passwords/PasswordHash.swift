/// A password as it is stored: scrypt (RFC 7914) with its own salt, written `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`.
///
/// Hashing and checking deliberately block for tens or hundreds of milliseconds: call them in a `BlockingPool`.
package struct PasswordHash: Hashable, Sendable {
    private static let saltByteCount = 16
    private static let hashByteCount = 32

    private let cost: ScryptCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Hashes a new password with a fresh salt. Blocks.
    package init(of password: String, cost: ScryptCost = .standard) {
        self.cost = cost
        salt = RandomBytes.make(Self.saltByteCount)
        hash = cost.derive(Self.hashByteCount, from: Array(password.utf8), salt: salt)
    }

    /// True if this is the password, computed at the stored cost. Blocks.
    package func matches(_ password: String) -> Bool {
        constantTimeEquals(hash, cost.derive(hash.count, from: Array(password.utf8), salt: salt))
    }

    /// True if it was made at another cost than `cost`: hash the password again while it is available.
    package func needsRehash(for cost: ScryptCost = .standard) -> Bool { self.cost != cost }
}

extension PasswordHash: LosslessStringConvertible {
    /// Reads a stored hash. Returns nil if the text is not one, or if it costs more than ``ScryptCost`` permits.
    package init?(_ text: String) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].isEmpty, fields[1] == "scrypt", let cost = ScryptCost(fields[2]),
            let salt = BaseEncoding.base64.decode(fields[3]), salt.count == Self.saltByteCount,
            let hash = BaseEncoding.base64.decode(fields[4]), hash.count == Self.hashByteCount
        else { return nil }
        (self.cost, self.salt, self.hash) = (cost, salt, hash)
    }

    package var description: String {
        "$scrypt$\(cost)$\(BaseEncoding.base64.encode(salt))$\(BaseEncoding.base64.encode(hash))"
    }
}
