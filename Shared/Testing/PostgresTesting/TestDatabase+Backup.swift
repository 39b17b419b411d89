import Foundation

extension TestDatabase {
    /// A program of PostgreSQL failed; its words are in the output of the tests.
    package struct ProgramFailed: Error {
        let program: String
    }

    /// A dump of one schema, as docs/operations.md makes it.
    package func dump(_ schema: String) throws -> String { try Self.run("pg_dump", [url, "--schema=\(schema)"]) }

    /// Puts a dump in the place of the schema, in the transaction that begins a new generation.
    package func restore(_ schema: String, from dump: String) throws {
        let script = """
            DROP SCHEMA "\(schema)" CASCADE;
            \(dump)
            SELECT "\(schema)".begin_generation();
            """
        let options = [url, "--set=ON_ERROR_STOP=1", "--single-transaction", "--quiet"]
        _ = try Self.run("psql", options, input: script)
    }

    private static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        let (input, inputPipe, outputPipe) = (Data(input.utf8), Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        (process.standardInput, process.standardOutput) = (inputPipe, outputPipe)
        try process.run()
        try inputPipe.fileHandleForWriting.write(contentsOf: input)
        try inputPipe.fileHandleForWriting.close()
        let output = try outputPipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ProgramFailed(program: program) }
        return String(decoding: output, as: UTF8.self)
    }
}
