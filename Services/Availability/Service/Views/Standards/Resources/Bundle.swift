extension FHIR {
    /// The answer to a search.
    struct Bundle: Encodable, Sendable {
        struct Link: Encodable, Sendable {
            let relation: String
            let url: String
        }

        enum Resource: Encodable, Sendable {
            case schedule(Schedule)
            case slot(Slot)

            func encode(to encoder: any Encoder) throws {
                switch self {
                case .schedule(let schedule): try schedule.encode(to: encoder)
                case .slot(let slot): try slot.encode(to: encoder)
                }
            }

            var path: String {
                switch self {
                case .schedule(let schedule): "Schedule/\(schedule.id)"
                case .slot(let slot): "Slot/\(slot.id)"
                }
            }
        }

        struct Entry: Encodable, Sendable {
            enum Mode: String, Encodable, Sendable { case match, include }

            struct Search: Encodable, Sendable {
                let mode: Mode
            }

            let fullUrl: String
            let resource: Resource
            let search: Search
        }

        let resourceType = "Bundle"
        let type = "searchset"
        /// How many match on all pages together.
        let total: Int
        let link: [Link]
        let entry: [Entry]?

        /// A page of a search.
        ///
        /// - Parameters:
        ///   - base: the address of the FHIR server, by which the resources are named.
        ///   - next: the address of the next page; nil on the last.
        init(
            _ matches: [Resource], including included: [Resource] = [], total: Int, base: String, itself: String,
            next: String?
        ) {
            func entries(_ resources: [Resource], _ mode: Entry.Mode) -> [Entry] {
                resources.map { Entry(fullUrl: "\(base)/\($0.path)", resource: $0, search: .init(mode: mode)) }
            }
            let entries = entries(matches, .match) + entries(included, .include)
            entry = entries.isEmpty ? nil : entries
            link = [Link(relation: "self", url: itself)] + (next.map { [Link(relation: "next", url: $0)] } ?? [])
            self.total = total
        }
    }
}
