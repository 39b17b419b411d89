import AvailabilityDomain
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
        /// What the content of a file covers.
        struct FileScope: Codable, Sendable {
            /// The states of the locations.
            let state: [String]
        }

        /// The type of the resources in the file.
        let type: FileType
        /// The address of the file.
        let url: String
        /// What the content covers; absent if the states are not known.
        let `extension`: FileScope?

        init(_ type: FileType, _ url: String, states: Set<String> = []) {
            (self.type, self.url) = (type, url)
            `extension` = states.isEmpty ? nil : FileScope(state: states.sorted())
        }
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
                File(
                    .slot, address.url("\(Self.folder)/slots/\(office.tenant)/\(week)\(change)"),
                    states: Set([office.decision.state?.text].compactMap { $0 }))
            }
        }
        // A client that reads the files of its state alone misses a location whose state is not known.
        let known = offices.map(\.decision.state?.text)
        let states = known.contains(nil) ? [] : Set(known.compactMap { $0 })
        output =
            [
                File(.location, address.url("\(Self.folder)/locations"), states: states),
                File(.schedule, address.url("\(Self.folder)/schedules"), states: states),
            ] + slots
        error = []
    }
}
