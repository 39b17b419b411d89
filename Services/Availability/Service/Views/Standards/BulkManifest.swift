import Primitives

/// The list of the files that SMART Scheduling Links publishes. Clients begin with it.
struct BulkManifest: Codable, Sendable {
    /// The path of the files.
    static let folder = "/api/availability/bulk"

    enum FileType: String, Codable, CaseIterable, Sendable {
        case location = "Location"
        case schedule = "Schedule"
        case slot = "Slot"
    }

    struct File: Codable, Sendable {
        let type: FileType
        let url: String
    }

    /// The files contain everything that was known by then. On a whole minute, so that equal manifests have equal text.
    let transactionTime: Instant
    /// The address of the manifest, as it was requested.
    let request: String
    let output: [File]
    /// Always empty: days that cannot be shown are left out.
    let error: [File]

    /// - Parameter since: hands clients on to what has changed since then.
    init(of offices: [OpenOffice], at now: Instant, address: PublicAddress, target: String, since: Instant?) {
        transactionTime = Instant(seconds: now.seconds / 60 * 60)
        request = address.url(target)
        let change = since.map { "?_since=\($0)" } ?? ""
        let slots = offices.flatMap { office in
            office.weeks.map { week in
                File(type: .slot, url: address.url("\(Self.folder)/slots/\(office.tenant)/\(week)\(change)"))
            }
        }
        output =
            [
                File(type: .location, url: address.url("\(Self.folder)/locations")),
                File(type: .schedule, url: address.url("\(Self.folder)/schedules")),
            ] + slots
        error = []
    }
}
