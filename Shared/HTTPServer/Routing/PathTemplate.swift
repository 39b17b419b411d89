/// The path of a route. Each parameter is one whole segment, and an interpolation declares it:
///
///     let id = PathVariable<Identifier<Appointment>>("id", "The appointment.")
///     let template: PathTemplate = "/api/appointments/\(id)/history"  // "/api/appointments/{id}/history"
package struct PathTemplate: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    enum Segment: Sendable {
        case literal(String)
        case parameter(Parameter)
    }

    /// A variable in the path.
    struct Parameter: Sendable {
        let name: String
        let type: any PathParameter.Type
        /// One sentence for the documentation.
        let summary: String
    }

    /// The parts of a template in the source.
    package struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var parameters: [String: Parameter] = [:]

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            precondition(!literal.contains { $0 == "{" || $0 == "}" }, "a variable is interpolated: \(literal)")
            text += literal
        }

        /// Declares a parameter.
        package mutating func appendInterpolation<Value>(_ variable: PathVariable<Value>) {
            let parameter = Parameter(name: variable.name, type: Value.self, summary: variable.summary)
            let previous = parameters.updateValue(parameter, forKey: variable.name)
            precondition(previous == nil, "a parameter occurs twice: \(variable.name)")
            text += "{\(variable.name)}"
        }

        /// Appends a word that only the program knows.
        package mutating func appendInterpolation(word: String) { appendLiteral(word) }

        /// Appends another template with its parameters.
        package mutating func appendInterpolation(_ template: PathTemplate) {
            text += template.description
            parameters.merge(template.named) { _, _ in preconditionFailure("a parameter occurs twice: \(template)") }
        }
    }

    package let description: String
    let segments: [Segment]
    private let named: [String: Parameter]

    package init(stringInterpolation parts: StringInterpolation) {
        precondition(parts.text.hasPrefix("/"), "a path begins with a slash: \(parts.text)")
        description = parts.text
        named = parts.parameters
        segments = parts.text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(String(part)) }
            let name = String(part.dropFirst().dropLast())
            guard let parameter = parts.parameters[name] else {
                preconditionFailure("\(part) is not one whole segment")
            }
            return .parameter(parameter)
        }
        precondition(parameters.count == named.count, "a parameter is one whole segment: \(parts.text)")
    }

    package init(stringLiteral text: String) {
        var parts = StringInterpolation(literalCapacity: text.utf8.count, interpolationCount: 0)
        parts.appendLiteral(text)
        self.init(stringInterpolation: parts)
    }

    /// The parameters, in order.
    var parameters: [Parameter] {
        segments.compactMap { segment in
            if case .parameter(let parameter) = segment { parameter } else { nil }
        }
    }
}
