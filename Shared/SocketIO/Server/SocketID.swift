import Cryptography

/// Names of sockets.
enum SocketID {
    /// A name that cannot be guessed: 120 bits.
    static func make() -> String { BaseEncoding.base64URL.encode(RandomBytes.make(15)) }
}
