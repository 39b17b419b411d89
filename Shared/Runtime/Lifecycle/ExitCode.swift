/// The exit status of a process (`sysexits.h`).
package struct ExitCode: RawRepresentable, Hashable, Sendable {
    /// The status given to the parent process.
    package let rawValue: Int32

    /// A status from 0 to 255.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// The process did what was asked.
    package static let success = ExitCode(rawValue: 0)
    /// EX_USAGE: the command line is wrong.
    package static let usage = ExitCode(rawValue: 64)
    /// EX_UNAVAILABLE: a dependency is unavailable; a later attempt may succeed.
    package static let unavailable = ExitCode(rawValue: 69)
    /// EX_SOFTWARE: an unexpected error.
    package static let software = ExitCode(rawValue: 70)
    /// EX_CONFIG: the environment must be changed first.
    package static let configuration = ExitCode(rawValue: 78)
}

/// An error that determines the exit status of the process that it ends; every other error means ``ExitCode/software``.
package protocol ExitingError: Error {
    /// The status of the process.
    var exitCode: ExitCode { get }
}
