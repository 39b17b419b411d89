import Primitives

/// Where everything lies that SMART Scheduling Links publishes: the start of each visit.
struct BulkManifest: Codable, Sendable {
    enum FileType: String, Codable, CaseIterable, Sendable {
        case location = "Location"
        case schedule = "Schedule"
        case slot = "Slot"
    }

    struct File: Codable, Sendable {
        let type: FileType
        let url: String
    }

    /// Nothing that was known by then is missing. On a whole minute, so that equal manifests are the same.
    let transactionTime: Instant
    /// The address of the manifest, as it was asked for.
    let request: String
    let output: [File]
    /// Always empty: what cannot be shown is left out.
    let error: [File]

    /// - Parameter since: hands clients on to what has changed since then.
    init(of offices: [OpenOffice], at now: Instant, address: PublicAddress, target: String, since: Instant?) {
        transactionTime = Instant(seconds: now.seconds / 60 * 60)
        request = address.url(target)
        let change = since.map { "?_since=\($0)" } ?? ""
        let slots = offices.flatMap { office in
            office.weeks.map { week in
                File(type: .slot, url: address.url("\(BulkRoutes.folder)/slots/\(office.tenant)/\(week)\(change)"))
            }
        }
        output =
            [
                File(type: .location, url: address.url("\(BulkRoutes.folder)/locations")),
                File(type: .schedule, url: address.url("\(BulkRoutes.folder)/schedules")),
            ] + slots
        error = []
    }
}
