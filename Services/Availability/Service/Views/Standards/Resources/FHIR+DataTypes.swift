import Primitives
import Scheduling

// The data types that the resources are made of.

extension FHIR {
    struct Coding: Encodable, Sendable {
        let system: String
        let code: String
        /// The code as people read it.
        let display: String
    }

    /// FHIR's data type Identifier: what a place is called in a system.
    struct BusinessIdentifier: Encodable, Sendable {
        let system: String
        let value: String
    }

    struct CodeableConcept: Encodable, Sendable {
        let coding: [Coding]
        var text: String?

        init(_ coding: Coding, text: String? = nil) { (self.coding, self.text) = ([coding], text) }

        init(_ careType: CareType) { self.init(Coding(careType)) }
    }

    struct Reference: Encodable, Sendable {
        let reference: String
        var display: String?
    }

    struct HumanName: Encodable, Sendable {
        let text: String
    }

    struct ContactPoint: Encodable, Sendable {
        enum System: String, Encodable, Sendable { case phone, url }

        let system: System
        let value: String
    }

    struct Address: Encodable, Sendable {
        let text: String
        let line: [String]
        let city: String
        let state: String?
        let postalCode: String?
        /// ISO 3166-1 alpha-2.
        let country: String
    }

    struct Period: Encodable, Sendable {
        let start: OffsetDateTime
        let end: OffsetDateTime
    }

    /// An extension of a resource by SMART Scheduling Links.
    struct Extension: Encodable, Sendable {
        private static let definitions = "http://fhir-registry.smarthealthit.org/StructureDefinition"

        let url: String
        private(set) var valueUrl: String?
        private(set) var valueString: String?

        /// The address at which the slot can be booked.
        static func bookingDeepLink(_ link: String) -> Extension {
            Extension(url: "\(definitions)/booking-deep-link", valueUrl: link)
        }

        /// The telephone number to call about the slot.
        static func bookingPhone(_ phone: String) -> Extension {
            Extension(url: "\(definitions)/booking-phone", valueString: phone)
        }
    }
}

extension FHIR.Coding {
    /// A type of care, with its French name.
    init(_ careType: CareType) {
        self.init(system: FHIR.careTypes, code: careType.rawValue, display: careType.label)
    }
}
