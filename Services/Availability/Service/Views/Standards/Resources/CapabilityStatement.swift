import GuichetProtocol

extension FHIR {
    /// The capabilities of the server of one tenant.
    struct CapabilityStatement: Encodable, Sendable {
        struct Software: Encodable, Sendable {
            let name = "Guichet"
        }

        struct Implementation: Encodable, Sendable {
            let description: String
            let url: String
        }

        struct Interaction: Encodable, Sendable {
            let code: String
        }

        struct SearchParameter: Encodable, Sendable {
            enum Kind: String, Encodable, Sendable { case date, reference, token }

            let name: String
            let type: Kind
        }

        struct Resource: Encodable, Sendable {
            let type: String
            let interaction: [Interaction]
            var searchInclude: [String]?
            var searchParam: [SearchParameter]?
        }

        struct Rest: Encodable, Sendable {
            let mode = "server"
            let resource: [Resource]
        }

        let resourceType = "CapabilityStatement"
        let status = "active"
        /// When the capabilities last changed.
        let date = "2026-11-30"
        let kind = "instance"
        let software = Software()
        let implementation: Implementation
        let fhirVersion = FHIR.version
        let format = [FHIR.mediaType, "json"]
        let rest = [Rest(resource: [location, practitioner, schedule, slot])]

        init(_ office: OpenOffice, base: String) {
            implementation = Implementation(description: office.profile.name, url: base)
        }

        private static let read = Interaction(code: "read")
        private static let search = Interaction(code: "search-type")
        private static let location = Resource(type: "Location", interaction: [read])
        private static let practitioner = Resource(type: "Practitioner", interaction: [read])
        private static let schedule = Resource(
            type: "Schedule", interaction: [read, search],
            searchParam: [.init(name: "_id", type: .token), .init(name: "actor", type: .reference)])
        private static let slot = Resource(
            type: "Slot", interaction: [read, search], searchInclude: ["Slot:schedule"],
            searchParam: [
                .init(name: "schedule", type: .reference), .init(name: "service-type", type: .token),
                .init(name: "start", type: .date), .init(name: "status", type: .token),
            ])
    }
}
