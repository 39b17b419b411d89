/// The reason for an appointment.
package enum CareType: String, Codable, CaseIterable, Sendable {
    case consultation, urgence, detartrage, soin, extraction, prothese, orthodontie, chirurgie
}
