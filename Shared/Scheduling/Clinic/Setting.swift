/// A number that a clinic can choose within bounds.
package struct Setting: Hashable, Sendable {
    /// Its name in routes and messages, for example `horizonDays`.
    package let name: String
    /// The accepted range.
    package let bounds: ClosedRange<Int>

    package init(_ name: String, in bounds: ClosedRange<Int>) { (self.name, self.bounds) = (name, bounds) }

    /// Throws ``SettingOutOfRange`` for a value outside the bounds.
    package func check(_ value: Int) throws(SettingOutOfRange) {
        guard bounds.contains(value) else { throw SettingOutOfRange(setting: self) }
    }
}

/// A clinic chose a number outside its bounds.
package struct SettingOutOfRange: Error, Hashable {
    /// The setting.
    package let setting: Setting

    package init(setting: Setting) { self.setting = setting }
}

extension Setting {
    /// See ``SlotRules/slotGridMinutes``.
    package static let slotGridMinutes = Setting("slotGridMinutes", in: 5...120)
    /// See ``SlotRules/leadTimeMinutes``.
    package static let leadTimeMinutes = Setting("leadTimeMinutes", in: 0...(30 * 24 * 60))
    /// See ``SlotRules/horizonDays``.
    package static let horizonDays = Setting("horizonDays", in: 1...730)
    /// See ``CareTypeSettings/bufferBefore``.
    package static let bufferBeforeMinutes = Setting("bufferBeforeMinutes", in: 0...120)
    /// See ``CareTypeSettings/bufferAfter``.
    package static let bufferAfterMinutes = Setting("bufferAfterMinutes", in: 0...120)
}
