/// The text that Prometheus reads, format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
package struct Exposition {
    /// The `Content-Type` of the answer.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The lines so far.
    package private(set) var text = ""

    mutating func header(_ name: String, type: String, help: String) {
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: LabelSet, _ value: Double) {
        text += "\(name)\(labels.description) \(self.text(of: value))\n"
    }

    func text(of value: Double) -> String {
        switch value {
        case .infinity: "+Inf"
        case -.infinity: "-Inf"
        case _ where value.isNaN: "NaN"
        default: Int(exactly: value)?.description ?? value.description
        }
    }
}

/// Labels with their values, as they are written: `{route="/api/slots",status="200"}`.
package struct LabelSet: Hashable, Sendable, CustomStringConvertible {
    private let pairs: String

    init(names: [String] = [], values: [String] = []) {
        pairs = zip(names, values).map { Self.pair($0, $1) }.joined(separator: ",")
    }

    private init(pairs: String) { self.pairs = pairs }

    func adding(_ name: String, _ value: String) -> LabelSet {
        LabelSet(pairs: (pairs.isEmpty ? "" : pairs + ",") + Self.pair(name, value))
    }

    package var description: String { pairs.isEmpty ? "" : "{\(pairs)}" }

    private static func pair(_ name: String, _ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\(name)=\"\(escaped)\""
    }
}
