import FoundationEssentials
import Glibc

/// A running `redis-server` in a temporary folder, which writes nothing to disk.
final class ServerProcess: Sendable {
    /// The server did not start, with its last output.
    struct NotStarted: Error, CustomStringConvertible { let description: String }

    private let pid: pid_t
    private let folder: URL
    private let output: Int32

    /// Starts the server and waits until it accepts connections; blocks.
    init(port: Int, password: String?) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        var arguments = [
            // The server must not outlive a crashed test run.
            "setpriv", "--pdeathsig", "KILL",
            "redis-server", "--bind", "127.0.0.1", "--port", "\(port)", "--dir", folder.path,
            "--save", "", "--appendonly", "no",
        ]
        if let password { arguments += ["--requirepass", password] }
        (pid, output) = try spawn(arguments)
        let words = read(output, until: "Ready to accept connections")
        guard words.contains("Ready to accept connections") else {
            kill()
            throw NotStarted(description: "redis-server did not start: \(words)")
        }
    }

    func kill() {
        var status: Int32 = 0
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        close(output)
        // A folder that remains in the system's temporary folder does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Returns once the process has stopped.
    func freeze() {
        var status: Int32 = 0
        Glibc.kill(pid, SIGSTOP)
        waitpid(pid, &status, WUNTRACED)
    }

    func thaw() { Glibc.kill(pid, SIGCONT) }
}

/// Starts a program from the PATH; returns its process id and a descriptor for its output.
private func spawn(_ arguments: [String]) throws -> (pid_t, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw ServerProcess.NotStarted(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
    guard code == 0 else {
        close(ends[0])
        throw ServerProcess.NotStarted(description: "\(arguments[0]): \(String(cString: strerror(code)))")
    }
    return (pid, ends[0])
}

/// Everything up to `words` or the end of the output.
private func read(_ descriptor: Int32, until words: String) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains(words) { return text }
    }
}
