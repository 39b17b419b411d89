import EventLoop
import Glibc
import Postgres
import Primitives

/// A tablespace of a test server on a disk of a few megabytes, which a test can fill. To make one, the test must be
/// permitted to mount a file system.
package struct SmallDisk: Sendable {
    /// The system refused to mount, fill or unmount the disk.
    package struct Failure: Error {
        let action: String
        let code = errno
    }

    /// The name of the tablespace.
    package let tablespace: String
    private let folder: String

    /// True if this process may mount file systems.
    package static let isPermitted: Bool = {
        var template = Array("/tmp/guichet-disk-XXXXXX\0".utf8.map { CChar($0) })
        guard mkdtemp(&template) != nil else { return false }
        defer { rmdir(template) }
        guard Glibc.mount("tmpfs", template, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount(template) == 0
    }()

    /// Lends `body` a new disk and removes it afterwards. The databases that used it must have been dropped by then.
    ///
    /// - Parameter server: the variable that names the server, as for ``TestDatabase``.
    package static func with<T: Sendable>(
        server: String = "GUICHET_TEST_POSTGRES_URL", _ body: (SmallDisk) async throws -> T
    ) async throws -> T {
        guard let url = getenv(server) else { throw TestDatabase.MissingServer(variable: server) }
        let scripts = ScriptRunner(
            PostgresConfiguration(url: String(cString: url), applicationName: "tests"),
            on: BlockingPool(threads: 1, waiting: 4))
        let data = try await scripts.run {
            try $0.query("SELECT current_setting('data_directory') AS folder")[0].get("folder", as: String.self)
        }
        let name = "disk_" + Identifier<SmallDisk>.new().description.replacing("-", with: "")
        let disk = SmallDisk(tablespace: name, folder: "\(data)-\(name)")
        try disk.mount(for: data)
        do {
            try await scripts.run { try $0.run(script: "CREATE TABLESPACE \(name) LOCATION '\(disk.folder)'") }
            let value = try await body(disk)
            try await scripts.run { try $0.run(script: "DROP TABLESPACE \(name)") }
            try disk.unmount()
            return value
        } catch {
            // The first error is the one to report.
            try? await scripts.run { try $0.run(script: "DROP TABLESPACE \(name)") }
            try? disk.unmount()
            throw error
        }
    }

    /// Uses up all space on the disk.
    package func fill() throws {
        let file = open("\(folder)/filler", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw Failure(action: "open") }
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(file, block, block.count) > 0 {}
        guard errno == ENOSPC else { throw Failure(action: "fill") }
    }

    /// Frees the space that ``fill()`` has used up.
    package func free() throws {
        guard unlink("\(folder)/filler") == 0 else { throw Failure(action: "free") }
    }

    /// Lets the server use the files on the disk, or not.
    package func permit(_ isPermitted: Bool) throws {
        guard chmod(folder, isPermitted ? 0o700 : 0) == 0 else { throw Failure(action: "chmod") }
    }

    /// The disk belongs to the user that the server runs as: the owner of its data.
    private func mount(for data: String) throws {
        var owner = stat()
        guard stat(data, &owner) == 0, mkdir(folder, 0o700) == 0 else { throw Failure(action: "mkdir") }
        let options = "size=4m,mode=700,uid=\(owner.st_uid),gid=\(owner.st_gid)"
        guard Glibc.mount("tmpfs", folder, "tmpfs", 0, options) == 0 else { throw Failure(action: "mount") }
    }

    private func unmount() throws {
        guard umount2(folder, Int32(MNT_DETACH)) == 0, rmdir(folder) == 0 else {
            throw Failure(action: "unmount")
        }
    }
}
