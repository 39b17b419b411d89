import Glibc

/// The time as the field `Date` has it (RFC 9110 section 5.6.7).
enum HTTPDate {
    /// The present time, `Sun, 06 Nov 1994 08:49:37 GMT`.
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
            let length = strftime(text.baseAddress, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: UnsafeRawBufferPointer(text)[..<length], as: UTF8.self)
        }
    }
}
