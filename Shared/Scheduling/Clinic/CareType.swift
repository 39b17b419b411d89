/// The reason for an appointment.
package enum CareType: String, Codable, CaseIterable, Sendable {
    case consultation, urgence, detartrage, soin, extraction, prothese, orthodontie, chirurgie
}

extension CareType {
    /// The French name, for people.
    package var label: String {
        switch self {
        case .consultation: "Consultation"
        case .urgence: "Urgence"
        case .detartrage: "Détartrage"
        case .soin: "Soin"
        case .extraction: "Extraction"
        case .prothese: "Prothèse"
        case .orthodontie: "Orthodontie"
        case .chirurgie: "Chirurgie"
        }
    }
}
