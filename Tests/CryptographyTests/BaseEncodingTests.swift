import Testing

@testable import Cryptography

@Suite("Text forms of bytes")
struct BaseEncodingTests {
    @Test(
        "are those of RFC 4648 section 10, without the padding",
        arguments: [
            ("", "", "", ""), ("f", "Zg", "MY", "66"), ("fo", "Zm8", "MZXQ", "666f"),
            ("foo", "Zm9v", "MZXW6", "666f6f"), ("foob", "Zm9vYg", "MZXW6YQ", "666f6f62"),
            ("fooba", "Zm9vYmE", "MZXW6YTB", "666f6f6261"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"),
        ])
    func vectors(text: String, base64: String, base32: String, hexadecimal: String) {
        let bytes = Array(text.utf8)
        let expected: [(BaseEncoding, String)] = [
            (.base64, base64), (.base64URL, base64), (.base32, base32), (.hexadecimal, hexadecimal),
        ]
        for (encoding, text) in expected {
            #expect(encoding.encode(bytes) == text)
            #expect(encoding.decode(text) == bytes)
        }
    }

    @Test("differ in two characters between Base64 and its form for URLs")
    func alphabets() {
        #expect(BaseEncoding.base64.encode([0xFB, 0xFF]) == "+/8")
        #expect(BaseEncoding.base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(BaseEncoding.base64URL.decode("+/8") == nil)
    }

    @Test(
        "have one spelling: padding, blanks, leftover bits and lone characters are refused",
        arguments: ["Zg==", "Zm 8", "Zm8\n", "Zh", "Z", "Zm9vY", "Zm9é"])
    func strict(text: String) { #expect(BaseEncoding.base64URL.decode(text) == nil) }

    @Test("bring back any bytes")
    func roundTrip() {
        for length in 0..<70 {
            let bytes = RandomBytes.make(length)
            for encoding in [BaseEncoding.base64, .base64URL, .base32, .hexadecimal] {
                #expect(encoding.decode(encoding.encode(bytes)) == bytes)
            }
        }
    }
}
