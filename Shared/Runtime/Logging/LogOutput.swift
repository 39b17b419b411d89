import Glibc
import Synchronization

/// Where log lines go, their minimum level and the name of the service.
package final class LogOutput: Sendable {
    /// Standard error of this process. Not `print`: it is buffered in a container, and a killed process would lose its
    /// last lines.
    package static let process = LogOutput(service: "guichet", level: .info, write: writeToStandardError)

    private let name: Mutex<String>
    private let threshold: Atomic<Int>
    private let write: @Sendable (String) -> Void

    /// Passes each line to `write`, complete and with its line feed.
    package init(service: String, level: LogLevel, write: @escaping @Sendable (String) -> Void) {
        name = Mutex(service)
        threshold = Atomic(level.rank)
        self.write = write
    }

    /// The name of the service, written in each line.
    package var service: String { name.withLock { $0 } }

    /// Renames the service.
    package func setService(_ service: String) { name.withLock { $0 = service } }

    /// Sets the minimum level for later lines.
    package func setLevel(_ level: LogLevel) { threshold.store(level.rank, ordering: .relaxed) }

    /// Reads the minimum level from `GUICHET_LOG_LEVEL` and sets it.
    package func configure(_ reader: inout ConfigurationReader) {
        setLevel(reader.choice("GUICHET_LOG_LEVEL", default: LogLevel.info, "Lines below this level are not written."))
    }

    func accepts(_ level: LogLevel) -> Bool { level.rank >= threshold.load(ordering: .relaxed) }

    func append(_ line: LogLine) { write(line.text) }
}

/// One system call for each line, so that lines of several threads and processes never mix.
@Sendable private func writeToStandardError(_ line: String) {
    var line = line
    line.withUTF8 { bytes in
        while Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) < 0, errno == EINTR {}
    }
}
