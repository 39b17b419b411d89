import EventLoop
import Glibc
import Runtime
import Testing

/// Serves until it is drained, and signals its own process as soon as it serves.
private struct SelfTerminating: Service {
    let name = "server"
    /// If true, its drain never ends, so that a second signal is needed.
    var hangs = false

    func run() async throws {
        signalReady()
        kill(getpid(), SIGTERM)
        await GracefulShutdown.current.wait()
        guard hangs else { return }
        kill(getpid(), SIGINT)
        try await EventLoop.sleep(for: .seconds(60))
    }
}

private func group(_ service: any Service) -> ServiceGroup {
    let configuration = LifecycleConfiguration(
        startTimeout: .seconds(20), drainDelay: .zero, drainTimeout: .seconds(20))
    return ServiceGroup([service], configuration: configuration, readiness: Readiness())
}

private func lines(_ result: ExitTest.Result?) -> [Substring] {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).split(separator: "\n")
}

@Suite("A service process")
struct ServiceProcessTests {
    @Test("drains on SIGTERM and exits with success")
    func drained() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await ServiceProcess.run("booking") { try await group(SelfTerminating()).run() }
        }
        #expect(lines(result).allSatisfy { $0.hasPrefix("{") && $0.contains(#""service":"booking""#) })
        #expect(lines(result).last?.contains(#""message":"stopped""#) == true)
    }

    @Test("flushes the output of a command")
    func printed() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            await ServiceProcess.run("booking") { print("three tenants") }
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(output.contains("three tenants\n"))
    }

    @Test("exits at once on a second signal")
    func secondSignal() async {
        await #expect(processExitsWith: .exitCode(128 + SIGINT)) {
            await ServiceProcess.run("booking") { try await group(SelfTerminating(hangs: true)).run() }
        }
    }

    @Test("exits at once on a second signal even when its event loop hangs")
    func hangingLoop() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            await ServiceProcess.run("booking") {
                raise(SIGTERM)
                raise(SIGTERM)
                while true {}
            }
        }
    }

    @Test("refuses a wrong configuration with one line a fault")
    func configuration() async {
        let result = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            await ServiceProcess.run("booking") {
                var reader = ConfigurationReader(environment: ["GUICHET_X": "1"])
                _ = reader.integer("GUICHET_HTTP_PORT", in: 1...65535, "Port.")
                try reader.check()
            }
        }
        #expect(lines(result).count == 2)
        #expect(
            lines(result).first?.contains("GUICHET_HTTP_PORT is missing: it must be a whole number from 1 to 65535.")
                == true)
    }

    @Test("reports the error that stopped it on one line, and does not crash")
    func error() async {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            struct Unforeseen: Error, CustomStringConvertible { let description = "line one\nline two" }
            await ServiceProcess.run("booking") { throw Unforeseen() }
        }
        #expect(lines(result).count == 1)
        #expect(lines(result).first?.contains(#""error":"line one\nline two""#) == true)
    }
}
