/// Everything that is wrong with the configuration of a service, so that one correction fixes it all.
package struct ConfigurationError: ExitingError, CustomStringConvertible {
    /// One sentence for each fault, with the name of the variable and what to write instead. Never the value of a
    /// secret.
    package let faults: [String]

    /// Faults that only the code which uses the values can find.
    package init(faults: [String]) { self.faults = faults }

    package var exitCode: ExitCode { .configuration }

    package var description: String { faults.joined(separator: " ") }
}
