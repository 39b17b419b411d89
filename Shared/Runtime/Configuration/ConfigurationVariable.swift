/// One variable that a service reads, for its documentation.
package struct ConfigurationVariable: Hashable, Sendable {
    /// The name, for example `GUICHET_HTTP_PORT`.
    package let name: String
    /// The accepted values, for example `1 to 65535`.
    package let accepted: String
    /// What happens if the variable is absent or empty.
    package let absence: Absence
    /// What it is for, as given by the call that reads it.
    package let purpose: String

    /// What happens if a variable is absent.
    package enum Absence: Hashable, Sendable {
        /// The service refuses to start.
        case refused
        /// The feature is off.
        case unused
        /// This value is used.
        case value(String)
    }

    /// The variables as a Markdown table, in the order in which they were read.
    package static func markdownTable(_ variables: [ConfigurationVariable]) -> String {
        let rows = variables.map { variable in
            let absent =
                switch variable.absence {
                case .refused: "required"
                case .unused: "none"
                case .value(let value): value.isEmpty ? "empty" : "`\(value)`"
                }
            let cells = ["`\(variable.name)`", variable.accepted, absent, variable.purpose]
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return (["| Variable | Value | Default | Purpose |", "|---|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
