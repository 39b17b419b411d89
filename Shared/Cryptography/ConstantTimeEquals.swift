import COpenSSL

/// Compares in a time that depends only on the lengths, so that response times do not reveal a secret byte by byte.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
