/// A currency of ISO 4217 that Guichet supports.
package enum Currency: String, Hashable, Sendable, CaseIterable, Codable {
    case algerianDinar = "DZD"
    case canadianDollar = "CAD"
    case euro = "EUR"
    case moroccanDirham = "MAD"
    case poundSterling = "GBP"
    case swissFranc = "CHF"
    case tunisianDinar = "TND"
    case usDollar = "USD"
    case westAfricanFranc = "XOF"

    /// The three letters of ISO 4217.
    package var code: String { rawValue }

    /// How many decimal digits the minor unit has: 2 for cents, 0 for francs CFA, 3 for millimes.
    package var minorUnitDigits: Int {
        switch self {
        case .westAfricanFranc: 0
        case .tunisianDinar: 3
        default: 2
        }
    }
}
