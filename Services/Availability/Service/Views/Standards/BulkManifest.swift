import Primitives

/// The list of the files that SMART Scheduling Links publishes. Clients begin with it.
struct BulkManifest: Codable, Sendable {
    /// The path of the files.
    static let folder = "/api/availability/bulk"

    /// The type of the resources in a file.
    enum FileType: String, Codable, CaseIterable, Sendable {
        case location = "Location"
        case schedule = "Schedule"
        case slot = "Slot"
    }

    /// A file of newline-delimited FHIR resources.
    struct File: Codable, Sendable {
        /// The type of the resources in the file.
        let type: FileType
        /// The address of the file.
        let url: String
    }

    /// The files contain everything that was known by then.
    let transactionTime: Instant
    /// The address of the manifest, as it was requested.
    let request: String
    /// The files.
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
