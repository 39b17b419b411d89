/// The reason for an appointment; the raw value is used in requests.
package enum CareType: String, Codable, CaseIterable, Sendable {
    case consultation, urgence, detartrage, soin, extraction, prothese, orthodontie, chirurgie
}
