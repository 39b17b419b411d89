/// What a patient comes for; the raw value is the word of the request.
package enum CareType: String, Codable, CaseIterable, Sendable {
    case consultation, urgence, detartrage, soin, extraction, prothese, orthodontie, chirurgie
}
