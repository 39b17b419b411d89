import FoundationEssentials
import Primitives

/// Writes events as JSON, one object a line. Trace, tenant and user of the running task are added automatically, so a
/// message only says what happened.
///
///     logger.warning("the broker refused a message", [.error: error.description, .attempt: 3])
package struct Logger: Sendable {
    /// The values of a line; numbers and durations are written as JSON numbers.
    package typealias Fields = KeyValuePairs<LogField, any CustomStringConvertible>

    private let component: String
    private let output: LogOutput

    /// A logger for one part of a process, `postgres` or `outbox relay`.
    package init(_ component: String, to output: LogOutput = .process) {
        (self.component, self.output) = (component, output)
    }

    /// Details for troubleshooting. Costs nothing if the level is off: the arguments are not evaluated.
    package func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> Fields = [:]) {
        log(.debug, message, fields)
    }

    /// What the process did.
    package func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> Fields = [:]) {
        log(.info, message, fields)
    }

    /// Something went wrong and was handled.
    package func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> Fields = [:]) {
        log(.warning, message, fields)
    }

    /// Something was not done and needs an operator.
    package func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> Fields = [:]) {
        log(.error, message, fields)
    }

    private func log(_ level: LogLevel, _ message: () -> String, _ fields: () -> Fields) {
        guard output.accepts(level) else { return }
        var line = LogLine(at: .now)
        line.string("level", level.rawValue)
        line.string("service", output.service)
        line.string("component", component)
        line.string("message", message())
        if let trace = TraceContext.current {
            line.string("trace_id", trace.traceID)
            line.string("span_id", trace.spanID)
        }
        let scope = LogScope.current
        if let tenant = scope.tenant { line.string("tenant", tenant.description) }
        if let user = scope.user { line.string("user", user.text) }
        for (field, value) in fields() { line.value(field.key, value) }
        line.close()
        output.append(line)
    }
}
