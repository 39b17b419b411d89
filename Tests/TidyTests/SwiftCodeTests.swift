import Testing

@Suite("Swift code without comments and strings")
struct SwiftCodeTests {
    private func code(_ text: String) -> String { String(decoding: SwiftCode(text).bytes, as: UTF8.self) }

    @Test("keeps every byte in its place")
    func length() {
        let text = "let a = \"é\" /* b\nc */ + #\"\"\"\n d \"#\"\"\"#\n// é"
        #expect(code(text).utf8.count == text.utf8.count)
        #expect(code(text).count { $0 == "\n" } == text.count { $0 == "\n" })
    }

    @Test(
        "loses comments and contents of strings",
        arguments: [
            ("a // x", "a     "),
            ("a /* x /* y */ z */ b", "a                   b"),
            (#"a("x // y") + b"#, #"a("      ") + b"#),
            (#"a("x\"y") + b"#, #"a("    ") + b"#),
            ("a(\"\"\"\n x \" y\n \"\"\") + b", "a(\"\"\"\n      \n \"\"\") + b"),
            ("a(#\"x\"y\\(z)\"#) + b", "a(#\"       \"#) + b"),
            ("\"open\nb", "\"    \nb"),
        ])
    func erased(text: String, expected: String) { #expect(code(text) == expected) }

    @Test("keeps what a string interpolates")
    func interpolation() {
        #expect(code(#"a("x\(b("y") + c(1))z") + d"#) == #"a("   b(" ") + c(1)  ") + d"#)
        #expect(code(##"a(#"x\#(b)"#)"##) == ##"a(#"    b "#)"##)
    }

    @Test("finds words, but not the ends of names and not members")
    func words() {
        let code = SwiftCode("print(a)\nfootprint(a)\n  print(b); x.print(c)\n\"print(d)\"")
        #expect(code.lines(with: "print(") == [1, 3])
    }

    @Test("finds a block, and none where a declaration has none")
    func blocks() {
        let code = SwiftCode("protocol A { func a() }; func b(c: () -> Int = { 1 }) { if d { e } } f")
        let (a, b) = (code.positions(of: "func a")[0], code.positions(of: "func b")[0])
        #expect(code.block(after: a) == nil)
        let block = code.block(after: b).map { String(decoding: code.bytes[$0], as: UTF8.self) }
        #expect(block == "{ if d { e } }")
    }
}
