package import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Realtime: carries every live update of the suite to browsers, telephones and displays.
package final class RealtimeService: GuichetService {
    package static let name: TenantSlug = "realtime"
    package static let tenantMigrations: [MigrationSet] = [.realtime]
    package static let unexported: Set<String> = ["displays"]

    let configuration: RealtimeConfiguration, context: ServiceContext, log = Logger("realtime")
    let lines: Lines, rooms: Rooms, clients: Clients
    let requestLines: RequestLines, takeReport: TakeReport, joinRoom: JoinRoom, identify: Identify

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        (configuration, context) = (RealtimeConfiguration(&reader), ServiceContext(platform))
        requestLines = RequestLines(context)
        lines = Lines(
            context, requestLines, AnnounceAudience(context), gathering: configuration.gathering)
        rooms = Rooms(lines)
        clients = Clients(context, configuration, rooms)
        takeReport = TakeReport(lines)
        joinRoom = JoinRoom(context: context, lines: lines, rooms: rooms, clients: clients)
        identify = Identify(context: context, rooms: rooms, clients: clients)
    }

    package var routes: [Route] { SocketRoutes(service: self).routes }

    package var parts: [any Service] {
        [EventFeedPart(context.platform, heard) { [lines] in lines.doubtAll() }]
    }
}
