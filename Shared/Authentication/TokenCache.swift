/// The claims of verified tokens by the digest of the token, at most `limit` of them.
///
/// It keeps two generations: when the young one is full it becomes the old one, and a hit in the old one moves to the
/// young one. So tokens in use stay and others are dropped, without an ordered list.
struct TokenCache {
    private let generationLimit: Int
    private var young: [[UInt8]: AccessToken.Claims] = [:]
    private var old: [[UInt8]: AccessToken.Claims] = [:]

    /// A cache of at most `limit` tokens, at least two.
    init(limit: Int) {
        precondition(limit >= 2, "a cache of two generations holds two tokens at least")
        generationLimit = limit / 2
    }

    var count: Int { young.count + old.count }

    subscript(digest: [UInt8]) -> AccessToken.Claims? {
        mutating get {
            if let claims = young[digest] { return claims }
            guard let claims = old.removeValue(forKey: digest) else { return nil }
            insert(claims, for: digest)
            return claims
        }
    }

    mutating func insert(_ claims: AccessToken.Claims, for digest: [UInt8]) {
        if young.count >= generationLimit {
            old = young
            young = [:]
        }
        young[digest] = claims
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
