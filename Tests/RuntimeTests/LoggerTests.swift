import Foundation
import Primitives
import Runtime
import Synchronization
import Testing

/// Collects the lines of an output.
private final class CapturedLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    /// The members of the only line.
    func onlyLine() throws -> [String: any Sendable] {
        try #require(all.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(all[0].utf8))
        return try #require(object as? [String: any Sendable])
    }

    func output(level: LogLevel = .debug) -> LogOutput {
        LogOutput(service: "booking", level: level) { line in self.lines.withLock { $0.append(line) } }
    }
}

@Suite("A log line")
struct LoggerTests {
    private let lines = CapturedLines()

    @Test("says when, how grave, which service, which part and what")
    func content() throws {
        Logger("postgres", to: lines.output()).warning("the server is away", [.attempt: 3, .error: "timeout"])
        let line = try lines.onlyLine()
        let timestamp = try #require(line["timestamp"] as? String)
        #expect(timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let written = try #require(Instant(rfc3339: timestamp))
        #expect(abs(Instant.now.seconds - written.seconds) < 60)
        #expect(line["level"] as? String == "warning")
        #expect(line["service"] as? String == "booking")
        #expect(line["component"] as? String == "postgres")
        #expect(line["message"] as? String == "the server is away")
        #expect(line["attempt"] as? Int == 3)
        #expect(line["error"] as? String == "timeout")
        #expect(line["trace_id"] == nil && line["tenant"] == nil && line["user"] == nil)
    }

    @Test("carries trace, tenant and user of the running task")
    func scope() throws {
        let trace = TraceContext.new()
        let user = UUID()
        let tenant = TenantSlug(stringLiteral: "cabinet-alger")
        TraceContext.$current.withValue(trace) {
            LogScope.$current.withValue(LogScope(tenant: tenant, user: user)) {
                Logger("routes", to: lines.output()).info("answered")
            }
        }
        let line = try lines.onlyLine()
        #expect(line["trace_id"] as? String == trace.traceID)
        #expect(line["span_id"] as? String == trace.spanID)
        #expect(line["tenant"] as? String == "cabinet-alger")
        #expect(line["user"] as? String == user.uuidString.lowercased())
    }

    @Test(
        "stays one JSON object on one line whatever it is given",
        arguments: [
            "a\nb\r\nc", #"","level":"error"#, "\\", "\u{0}\u{1B}[31m\u{7F}\u{9B}", "\u{2028}\u{2029}\u{85}", "é 🏥",
        ])
    func injection(text: String) throws {
        Logger("routes", to: lines.output()).info(text, [.error: text])
        let raw = lines.all[0]
        #expect(raw.hasSuffix("}\n"))
        let unescaped = raw.dropLast().unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(unescaped.isEmpty)
        #expect(raw.dropLast().split(whereSeparator: \.isNewline).count == 1)
        let line = try lines.onlyLine()
        #expect(line["message"] as? String == text)
        #expect(line["error"] as? String == text)
        #expect(line["level"] as? String == "info")
    }

    @Test("writes numbers as numbers, and what JSON has no number for as text")
    func numbers() throws {
        Logger("routes", to: lines.output()).info(
            "answered", [.duration: Duration.microseconds(12_345), .count: UInt8(7), .error: Double.infinity])
        let line = try lines.onlyLine()
        #expect(line["duration_ms"] as? Double == 12.345)
        #expect(line["count"] as? Int == 7)
        #expect(line["error"] as? String == "inf")
    }

    @Test("cuts a value that is too long")
    func length() throws {
        Logger("routes", to: lines.output()).info(String(repeating: "é", count: 100_000))
        #expect(lines.all[0].utf8.count < 5000)
        #expect((try lines.onlyLine()["message"] as? String)?.hasSuffix("é…") == true)
    }

    @Test("takes its level from the configuration")
    func configuredLevel() throws {
        let output = lines.output()
        var reader = ConfigurationReader(environment: ["GUICHET_LOG_LEVEL": "error"])
        output.configure(&reader)
        try reader.check()
        Logger("routes", to: output).warning("unseen")
        Logger("routes", to: output).error("seen")
        #expect(try lines.onlyLine()["message"] as? String == "seen")
    }

    @Test("below the level is not written, and its arguments are not evaluated")
    func level() {
        let output = lines.output(level: .warning)
        let logger = Logger("routes", to: output)
        let evaluations = Mutex(0)
        func message() -> String {
            evaluations.withLock { $0 += 1 }
            return "costly"
        }
        logger.info(message())
        logger.error(message())
        output.setLevel(.debug)
        logger.debug(message())
        #expect(evaluations.withLock { $0 } == 2)
        #expect(lines.all.count == 2)
    }
}
