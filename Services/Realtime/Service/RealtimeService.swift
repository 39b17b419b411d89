package import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
import SocketIO
package import Tenancy

/// Realtime: carries every live update of the suite to browsers, telephones and displays.
package final class RealtimeService: GuichetService {
    package static let name: TenantSlug = "realtime"
    package static let tenantMigrations: [MigrationSet] = [.realtime]
    package static let unexported: Set<String> = ["displays"]

    let configuration: RealtimeConfiguration, context: ServiceContext, log = Logger("realtime")
    let lines: Lines, rooms: Rooms, clients: Clients
    let requestLines: RequestLines, takeReport: TakeReport, joinRoom: JoinRoom, identify: Identify
    let checkDisplays: CheckDisplays
    private lazy var socketIO = SocketIOServer(service: self)
    /// Served in place of everything else in the test mode.
    private lazy var conformance = ConformanceServer(
        recovery: configuration.conformance == .recovery ? Recovery(keys: context.platform.keyRing) : nil,
        metrics: context.platform.metrics)

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        (configuration, context) = (RealtimeConfiguration(&reader), ServiceContext(platform))
        requestLines = RequestLines(context)
        lines = Lines(
            context, requestLines, AnnounceAudience(context), gathering: configuration.gathering)
        rooms = Rooms(lines)
        clients = Clients(context, configuration, rooms, admitsLookup: Self.lookups(configuration))
        takeReport = TakeReport(lines)
        joinRoom = JoinRoom(context: context, lines: lines, rooms: rooms, clients: clients)
        checkDisplays = CheckDisplays(context: context, clients: clients)
        identify = Identify(context: context, rooms: rooms, clients: clients)
        if configuration.conformance != .off { log.warning("only the test suites of Socket.IO are served") }
    }

    package var routes: [Route] {
        guard configuration.conformance == .off else { return conformance.routes }
        return SocketRoutes(service: self).routes + StreamRoutes(service: self).routes + socketIO.routes
    }

    package func endSessions(within time: Duration) async {
        if configuration.conformance == .off {
            await socketIO.drain(over: time)
        } else {
            await conformance.drain(over: time / 2)
        }
    }

    package var parts: [any Service] {
        [
            EventFeedPart(
                context.platform, heard, onStart: { [lines] in lines.doubtAll() },
                onEnd: { [lines] in lines.stopListening() })
        ]
    }

    nonisolated package static func problem(_ error: any Error) -> Problem? { (error as? Refusal).map(Problem.init) }
}
