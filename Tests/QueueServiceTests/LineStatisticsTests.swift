import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Statistics of queues")
struct LineStatisticsTests {
    private struct Answer: Decodable {
        struct Numbers: Decodable {
            let arrivals, called, finished, noShows, left, estimated: Int
            let medianWaitSeconds, medianVisitSeconds: Int?
        }
        struct Day: Decodable {
            let day: String
            let numbers: Numbers
        }
        struct Hour: Decodable {
            let hour: Int
            let numbers: Numbers
        }
        struct Counter: Decodable {
            let label: String
            let numbers: Numbers
        }
        let total: Numbers
        let byDay: [Day]
        let byHour: [Hour]
        let byCounter: [Counter]
    }

    @Test("count arrivals, waits, visits and no-shows by day, hour and counter, as JSON and as a table")
    func numbers() async throws {
        try await WaitingRoom.with { room in
            let clock = room.service.clock
            // Half past midnight on the clock of the clinic, on the day after that of UTC.
            clock.stop(at: try #require(Instant(rfc3339: "2029-12-31T23:30:00Z")))
            for _ in 0..<3 { _ = try await room.join() }
            clock.advance(by: .seconds(3600))
            let leaving = try await room.join()
            let visit = try #require(try await room.callNext())
            _ = try await room.ask("POST", "/api/tickets/\(visit)/serve")
            let missed = try #require(try await room.callNext(1))
            _ = try await room.ask("POST", "/api/tickets/\(missed)/no-show")
            let undone = try #require(try await room.callNext(1))
            _ = try await room.ask("POST", "/api/tickets/\(undone)/no-show")
            _ = try await room.ask("POST", "/api/tickets/\(undone)/undo")
            #expect(try await room.send("/queue/\(leaving.patientToken)/leave").status == 200)
            clock.advance(by: .seconds(300))
            _ = try await room.ask("POST", "/api/tickets/\(visit)/finish")

            let days = "from=2030-01-01&to=2030-01-01"
            let answer = try await room.ask("GET", "statistics?\(days)")
            #expect(answer.status == 200, "\(answer.text)")
            let statistics = try answer.decode(Answer.self)
            let total = statistics.total
            #expect((total.arrivals, total.called, total.finished) == (4, 3, 1))
            #expect((total.noShows, total.left, total.estimated) == (1, 1, 0))
            #expect((total.medianWaitSeconds, total.medianVisitSeconds) == (3600, 300))
            #expect(statistics.byDay.map(\.day) == ["2030-01-01"])
            #expect(statistics.byHour.map(\.hour) == [0, 1])
            #expect(statistics.byHour.map(\.numbers.arrivals) == [3, 1])
            #expect(statistics.byCounter.map(\.label) == ["=Cabinet 2", "Cabinet 1"])
            #expect(statistics.byCounter.map(\.numbers.noShows) == [1, 0])

            let table = try await room.ask("GET", "statistics.csv?\(days)")
            #expect(table.headers["content-type"] == "text/csv; charset=utf-8")
            let lines = table.text.components(separatedBy: "\r\n")
            #expect(lines.count == 8 && lines[0].hasPrefix("group,name,arrivals,called"))
            #expect(lines[1].hasPrefix("total,,4,3,1,1,1,3600,"))
            #expect(lines[5].hasPrefix("counter,\"'=Cabinet 2\",2,2,0,1,0,"))

            let empty = try await room.ask("GET", "statistics?from=2029-01-01&to=2029-01-02").decode(Answer.self)
            #expect(empty.total.arrivals == 0 && empty.byDay.isEmpty && empty.total.medianWaitSeconds == nil)
            for period in ["from=2030-01-02&to=2030-01-01", "from=2030-01-01&to=2030-04-03", "from=2030-01-01"] {
                #expect(try await room.ask("GET", "statistics?\(period)").problem == "invalid-query")
            }
            #expect(try await room.ask("GET", "statistics?\(days)", as: .staff).status == 403)
        }
    }

    @Test("say how good the expected waits were")
    func estimates() async throws {
        try await WaitingRoom.with { room in
            let clock = room.service.clock
            clock.stop(at: try #require(Instant(rfc3339: "2030-01-01T09:00:00Z")))
            // Three visits of ten minutes, by which waits are estimated.
            for _ in 0..<3 {
                _ = try await room.join()
                let ticket = try #require(try await room.callNext())
                _ = try await room.ask("POST", "/api/tickets/\(ticket)/serve")
                clock.advance(by: .seconds(600))
                _ = try await room.ask("POST", "/api/tickets/\(ticket)/finish")
            }
            _ = try await room.join()
            clock.advance(by: .seconds(60))
            _ = try await room.callNext()
            struct Answer: Decodable {
                struct Total: Decodable {
                    let estimated: Int
                    let keptEstimates: Double?
                    let medianErrorSeconds: Int?
                }
                let total: Total
            }
            let total = try await room.ask("GET", "statistics?from=2030-01-01&to=2030-01-01").decode(Answer.self).total
            // The wait was expected to be nothing, since both counters were free, and was a minute.
            #expect(total.estimated == 1)
            #expect(total.keptEstimates == 0 && total.medianErrorSeconds == 60)
        }
    }

    @Test(
        "no text of a table is a formula, or several fields",
        arguments: [
            ("Cabinet 1", "Cabinet 1"), ("=1+1", "\"'=1+1\""), ("@SUM(A1)", "\"'@SUM(A1)\""), ("-2", "\"'-2\""),
            ("+2", "\"'+2\""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a;b", "\"a;b\""), ("\t=1", "\"'\t=1\""),
        ])
    func fields(text: String, field: String) { #expect(StatisticsTable.field(text) == field) }
}
