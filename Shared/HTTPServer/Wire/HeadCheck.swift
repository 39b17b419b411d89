/// Checks on a request's head that libmicrohttpd leaves to its user. What they refuse could make two programs on the same
/// connection disagree about where a request ends, so the connection is closed after the answer.
enum HeadCheck {
    /// Checks the fields against each other. Returns the announced length of the body and whether there is one.
    static func framing(_ headers: HeaderFields, isHTTP11: Bool) throws(HeadRefused) -> (length: Int?, hasBody: Bool) {
        if isHTTP11, headers.values(of: "host").count != 1 { throw HeadRefused(.host) }
        let lengths = headers.values(of: "content-length")
        let encodings = headers.values(of: "transfer-encoding")
        guard lengths.isEmpty || encodings.isEmpty else { throw HeadRefused(.lengthAndEncoding) }
        if !encodings.isEmpty {
            guard isHTTP11, encodings.count == 1, encodings[0].lowercased() == "chunked" else {
                throw HeadRefused(.encoding)
            }
            return (nil, true)
        }
        guard let text = lengths.first else { return (nil, false) }
        guard lengths.count == 1, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(text) else {
            throw HeadRefused(.length)
        }
        return (length, length > 0)
    }

    static func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) throws(HeadRefused) {
        guard !name.isEmpty, name.allSatisfy(isTokenByte) else { throw HeadRefused(.fieldName) }
        guard value.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else { throw HeadRefused(.fieldValue) }
    }

    static func target(_ target: String) throws(HeadRefused) {
        guard !target.isEmpty, target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw HeadRefused(.target) }
    }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"),
            UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
