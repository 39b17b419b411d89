import COpenSSL

/// Whether both are equal, in a time that depends on their lengths only, so that nobody learns a secret byte by byte.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
