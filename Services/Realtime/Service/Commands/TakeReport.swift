import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain

/// Puts the parts of Queue's reports together.
@EventLoop
final class TakeReport {
    /// The most reports that are incomplete at once, and parts of one: of more the oldest is given up, and requested again.
    private static let limits = (reports: 256, parts: 1000)

    private let lines: Lines
    private var parts: [LineRequestID: [Int: LineReported]] = [:]
    private var order: [LineRequestID] = []

    init(_ lines: Lines) { self.lines = lines }

    func callAsFunction(_ event: CloudEvent<LineReported>) {
        let (report, key) = (event.data, LineKey(event.data.line.queue, of: event.tenantid))
        guard lines.find(key) != nil, report.parts <= Self.limits.parts else { return }
        if parts[report.request] == nil { order.append(report.request) }
        parts[report.request, default: [:]][report.part] = report
        guard let all = parts[report.request], all.count >= report.parts else { return giveUpOldest() }
        finish(report.request)
        let tickets = all.values.flatMap(\.tickets)
        let version = LineVersion(report.version, generation: event.generation ?? 1)
        lines.hear(
            LineReport(line: report.line, tickets: tickets, version: version), to: report.request, of: key)
    }

    private func giveUpOldest() {
        if order.count > Self.limits.reports { finish(order[0]) }
    }

    private func finish(_ request: LineRequestID) {
        parts[request] = nil
        order.removeAll { $0 == request }
    }
}
