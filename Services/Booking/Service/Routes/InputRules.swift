import BookingDomain
import GuichetProtocol
import HTTPServer
import Scheduling

// What requests keep beyond their Swift types, for the documentation. Handlers check it.

extension SlotList: WireRules {
    static let rules: [String: WireRule] = ["slots": .maximumCount(SlotLimit.maximum)]
}

extension CareTypeInput: WireRules {
    static let rules: [String: WireRule] = [
        "bufferBefore": .setting(.bufferBeforeMinutes), "bufferAfter": .setting(.bufferAfterMinutes),
    ]
}

extension WireRule {
    /// A telephone number; which ones are accepted is the rule of the tenant.
    fileprivate static let phone = WireRule.length(minimum: 1, maximum: 64)
}

extension StrictInput.Person: WireRules { static let rules: [String: WireRule] = ["phone_e164": .phone] }
extension SettingsInput: WireRules { static let rules = SettingsView.numbers }
extension ConsentInput: WireRules { static let rules: [String: WireRule] = ["version": .consentVersion] }

extension StrictInput: WireRules {
    /// Address and time zone are the tenant's, which Identity bounds.
    static let rules: [String: WireRule] = [
        "clinic_address": .length(minimum: 1, maximum: 200), "timezone": .length(minimum: 1, maximum: 64),
    ]
}
