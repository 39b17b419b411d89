import Primitives
import QueueDomain

/// Statistics as a table of comma-separated values (RFC 4180): one line for each group.
struct StatisticsTable {
    private static let columns = [
        "group", "name", "arrivals", "called", "finished", "no_shows", "left", "median_wait_seconds",
        "slow_wait_seconds", "median_visit_seconds", "slow_visit_seconds", "estimated", "kept_estimates",
        "median_error_seconds",
    ]

    /// The text.
    let text: String

    init(_ view: LineStatisticsView) {
        var lines = [Self.columns.joined(separator: ","), Self.line("total", "", view.total)]
        lines += view.byDay.map { Self.line("day", $0.day.description, $0.numbers) }
        lines += view.byHour.map { Self.line("hour", String($0.hour), $0.numbers) }
        lines += view.byCounter.map { Self.line("counter", $0.label.text, $0.numbers) }
        text = lines.map { $0 + "\r\n" }.joined()
    }

    private static func line(_ group: String, _ name: String, _ numbers: LineNumbers) -> String {
        let counts = [numbers.arrivals, numbers.called, numbers.finished, numbers.noShows, numbers.left]
        let times = [
            numbers.medianWaitSeconds, numbers.slowWaitSeconds, numbers.medianVisitSeconds, numbers.slowVisitSeconds,
        ]
        var fields = [group, field(name)]
        fields += counts.map { "\($0)" }
        fields += times.map(text)
        fields += [
            "\(numbers.estimated)", numbers.keptEstimates.map { "\($0)" } ?? "", text(numbers.medianErrorSeconds),
        ]
        return fields.joined(separator: ",")
    }

    private static func text(_ seconds: Int?) -> String { seconds.map { "\($0)" } ?? "" }

    /// A text that no program takes for several fields, and no spreadsheet for a formula.
    static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n;\t".contains($0) }) || isFormula else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
