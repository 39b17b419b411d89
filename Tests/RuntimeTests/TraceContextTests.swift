import Runtime
import Testing

@Suite("A trace context")
struct TraceContextTests {
    private static let example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("reads and writes the header")
    func roundTrip() throws {
        let context = try #require(TraceContext(traceparent: Self.example))
        #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanID == "b7ad6b7169203331")
        #expect(context.isSampled)
        #expect(context.traceparent == Self.example)
    }

    @Test("keeps leading zeros and an unset sampled flag")
    func zeros() {
        let header = "00-0000000000000000000000000000000a-000000000000000b-00"
        #expect(TraceContext(traceparent: header)?.traceparent == header)
    }

    @Test("reads a later version by its known part and answers in version 00")
    func laterVersion() {
        let header = "cc" + Self.example.dropFirst(2)
        #expect(TraceContext(traceparent: header)?.traceparent == Self.example)
        #expect(TraceContext(traceparent: header + "-what-follows")?.traceparent == Self.example)
        #expect(TraceContext(traceparent: header + ".what-follows") == nil)
    }

    @Test(
        "refuses what the standard refuses",
        arguments: [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
            " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-+1",
        ])
    func refused(header: String) { #expect(TraceContext(traceparent: header) == nil) }

    @Test("has children in the same trace, each with an id of its own")
    func children() {
        let parent = TraceContext.new()
        let (first, second) = (parent.child(), parent.child())
        #expect(Set([parent, first, second].map(\.traceID)).count == 1)
        #expect(Set([parent, first, second].map(\.spanID)).count == 3)
        #expect(TraceContext(traceparent: first.traceparent) == first)
        #expect(TraceContext.new().traceID != parent.traceID)
    }
}
