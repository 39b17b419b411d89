package import Primitives

/// How a clinic gives one type of care.
package struct CareTypeSettings: Hashable, Sendable {
    /// How long the appointment itself lasts.
    package let duration: DurationMinutes
    /// Minutes that practitioner and room are taken before the appointment starts.
    package let bufferBefore: Int
    /// Minutes that practitioner and room are taken after the appointment ends.
    package let bufferAfter: Int
    /// Who can give it.
    package let practitioners: [Identifier<Resource>]
    /// Where it can be given, preferred rooms first; nil when it needs no room.
    package let rooms: [Identifier<Resource>]?

    /// Throws for a buffer outside its bounds.
    package init(
        duration: DurationMinutes, bufferBefore: Int = 0, bufferAfter: Int = 0,
        practitioners: [Identifier<Resource>], rooms: [Identifier<Resource>]? = nil
    ) throws(SettingOutOfRange) {
        try Setting.bufferBeforeMinutes.check(bufferBefore)
        try Setting.bufferAfterMinutes.check(bufferAfter)
        (self.duration, self.bufferBefore, self.bufferAfter) = (duration, bufferBefore, bufferAfter)
        (self.practitioners, self.rooms) = (practitioners, rooms)
    }
}
