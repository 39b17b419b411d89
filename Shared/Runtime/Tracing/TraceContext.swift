/// The position of this work in a distributed trace: W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/).
///
/// It arrives with a request or a message, is carried by the task that handles it, and is written in every log line.
package struct TraceContext: Hashable, Sendable {
    /// The context of the running task; nil outside of a request or message.
    @TaskLocal package static var current: TraceContext?

    private let traceHigh: UInt64
    private let traceLow: UInt64
    private let span: UInt64

    /// True if the caller records this trace; passed on unchanged.
    package let isSampled: Bool

    /// The trace id: 32 lower-case hexadecimal digits.
    package var traceID: String { hexadecimal(traceHigh) + hexadecimal(traceLow) }

    /// The span id: 16 lower-case hexadecimal digits.
    package var spanID: String { hexadecimal(span) }

    /// The value of the header, always in version `00`.
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Starts a trace, sampled.
    package static func new() -> TraceContext {
        TraceContext(traceHigh: .randomID(), traceLow: .randomID(), span: .randomID(), isSampled: true)
    }

    /// The next span of the same trace.
    package func child() -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, span: .randomID(), isSampled: isSampled)
    }

    /// Reads the value of a `traceparent` header. Returns nil for everything that the standard refuses: upper case,
    /// zero ids, version `ff`, a wrong length. Of a version above `00` it reads the known part, as section 2.2.5
    /// requires.
    package init?(traceparent: String) {
        let bytes = Array(traceparent.utf8)
        let hyphen = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == hyphen, bytes[35] == hyphen, bytes[52] == hyphen,
            let version = UInt64(hexadecimal: bytes[0..<2]), version != 0xFF,
            bytes.count == 55 || (version > 0 && bytes[55] == hyphen),
            let traceHigh = UInt64(hexadecimal: bytes[3..<19]), let traceLow = UInt64(hexadecimal: bytes[19..<35]),
            let span = UInt64(hexadecimal: bytes[36..<52]), let flags = UInt64(hexadecimal: bytes[53..<55]),
            traceHigh | traceLow != 0, span != 0
        else { return nil }
        self.init(traceHigh: traceHigh, traceLow: traceLow, span: span, isSampled: flags & 1 == 1)
    }

    private init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        (self.traceHigh, self.traceLow, self.span, self.isSampled) = (traceHigh, traceLow, span, isSampled)
    }
}

/// The 16 digits of `value`, with leading zeros.
private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

extension UInt64 {
    /// Random and never zero, as the standard requires.
    fileprivate static func randomID() -> UInt64 { .random(in: 1 ... .max) }

    /// Reads at most 16 lower-case digits; returns nil for any other character.
    fileprivate init?(hexadecimal digits: ArraySlice<UInt8>) {
        self = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): self = self << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): self = self << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
    }
}
