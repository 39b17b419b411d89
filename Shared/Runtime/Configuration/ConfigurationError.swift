/// The environment does not describe a service that could run: everything that is wrong with it, so that one look
/// mends it all.
package struct ConfigurationError: ExitingError, CustomStringConvertible {
    /// One French sentence a fault, each naming the variable and what to write instead. Never a secret's value.
    package let faults: [String]

    /// Faults that only the code which uses the values can find.
    package init(faults: [String]) { self.faults = faults }

    package var exitCode: ExitCode { .configuration }

    package var description: String { faults.joined(separator: " ") }
}
