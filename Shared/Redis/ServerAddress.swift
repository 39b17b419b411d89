import Glibc

/// Resolves host names; call it only on threads of a `BlockingPool`.
enum ServerAddress {
    /// The addresses of a host, in the system's order. Throws if there are none.
    static func all(of host: String) throws(RedisConnection.Refused) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0, let found else {
            throw RedisConnection.Refused(description: "\(host): \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(found) }
        return sequence(first: found, next: \.pointee.ai_next).compactMap { numeric($0.pointee) }
    }

    private static func numeric(_ address: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            address.ai_addr, address.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        return code == 0 ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : nil
    }
}
