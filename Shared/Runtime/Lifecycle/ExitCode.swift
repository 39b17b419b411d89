/// How a process ended, for whoever started it (`sysexits.h`).
package struct ExitCode: RawRepresentable, Hashable, Sendable {
    /// The status given to the parent process.
    package let rawValue: Int32

    /// A status from 0 to 255.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// It did what it was asked to do.
    package static let success = ExitCode(rawValue: 0)
    /// EX_USAGE: the command line makes no sense.
    package static let usage = ExitCode(rawValue: 64)
    /// EX_UNAVAILABLE: something it needs is away; trying again later may help.
    package static let unavailable = ExitCode(rawValue: 69)
    /// EX_SOFTWARE: it failed in a way nobody foresaw.
    package static let software = ExitCode(rawValue: 70)
    /// EX_CONFIG: the environment must be changed before trying again.
    package static let configuration = ExitCode(rawValue: 78)
}

/// An error that knows how a process it ends should exit; of every other error it is ``ExitCode/software``.
package protocol ExitingError: Error {
    /// The status of the process.
    var exitCode: ExitCode { get }
}
