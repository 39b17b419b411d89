package import Primitives

/// The clinic's settings for one type of care.
package struct CareTypeSettings: Hashable, Sendable {
    /// How long the appointment itself lasts.
    package let duration: DurationMinutes
    /// Minutes before the start for which practitioner and room are reserved.
    package let bufferBefore: Int
    /// Minutes after the end for which practitioner and room are reserved.
    package let bufferAfter: Int
    /// The practitioners who offer it.
    package let practitioners: [Identifier<Resource>]
    /// The possible rooms, preferred ones first; nil if it needs no room.
    package let rooms: [Identifier<Resource>]?

    /// Throws ``SettingOutOfRange`` for a buffer outside its bounds.
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
