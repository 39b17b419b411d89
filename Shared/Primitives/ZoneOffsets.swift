/// The wall clock of a time zone over a period: one offset from UTC, then the changes in order.
///
/// The changes come from PostgreSQL, which has the rules of the zones, so this module reads no zone database. Instants
/// before the first change use `initial`, those after the last one its offset: give every change of the period.
package struct ZoneOffsets: Hashable, Sendable {
    /// From `instant` on, the wall clock shows UTC plus `secondsEast`.
    package struct Change: Hashable, Sendable {
        /// When the offset takes effect.
        package let instant: Instant
        /// How far the wall clock is ahead of UTC from then on; less than a day either way.
        package let secondsEast: Int

        /// A change of offset at `instant`.
        package init(at instant: Instant, secondsEast: Int) {
            (self.instant, self.secondsEast) = (instant, secondsEast)
        }
    }

    /// Seconds east of UTC before the first change.
    package let initial: Int
    /// The changes, in ascending order of time.
    package let changes: [Change]

    /// Returns nil if the changes are not strictly ascending or an offset is a day or more.
    package init?(initial: Int, changes: [Change] = []) {
        guard ([initial] + changes.map(\.secondsEast)).allSatisfy({ abs($0) < 86_400 }),
            zip(changes, changes.dropFirst()).allSatisfy({ $0.instant < $1.instant })
        else { return nil }
        (self.initial, self.changes) = (initial, changes)
    }

    /// Seconds east of UTC at `instant`.
    package func secondsEast(at instant: Instant) -> Int {
        changes.last { $0.instant <= instant }?.secondsEast ?? initial
    }

    /// The calendar day and wall-clock time at `instant`, without seconds.
    package func local(_ instant: Instant) -> (day: LocalDay, minute: MinuteOfDay) {
        let seconds = instant.seconds + Int64(secondsEast(at: instant))
        let days = seconds.flooredQuotient(by: 86_400)
        return (
            LocalDay(daysSinceEpoch: Int(days)), MinuteOfDay(unchecked: Int((seconds - days * 86_400) / 60))
        )
    }

    /// True if `end` is at most `days` days after `start` on the calendar and wall clock, to the minute: a day on which the
    /// clock changes is one day, too.
    package func isPeriod(from start: Instant, to end: Instant, ofAtMost days: Int) -> Bool {
        let (first, last) = (local(start), local(end))
        return (last.day, last.minute) <= (first.day.advanced(by: days), first.minute)
    }

    /// The first instant at which calendar and wall clock show `day` and `minute` or later.
    ///
    /// So a time that occurs twice means its first occurrence, and a time that is skipped means the instant of the
    /// skip. The result never decreases when the arguments increase, which keeps intervals of wall-clock time in order.
    package func firstInstant(_ day: LocalDay, _ minute: MinuteOfDay) -> Instant {
        let shown = Int64(day.daysSinceEpoch * 86_400 + minute.minutes * 60)
        var (start, offset): (Instant?, Int) = (nil, initial)
        for change in changes {
            let instant = Instant(seconds: shown - Int64(offset))
            if instant < change.instant { return max(instant, start ?? instant) }
            (start, offset) = (change.instant, change.secondsEast)
        }
        let instant = Instant(seconds: shown - Int64(offset))
        return max(instant, start ?? instant)
    }

    /// The instant of a wall-clock time, the first if it occurs twice; nil if the clock skips it.
    package func instant(_ day: LocalDay, _ minute: MinuteOfDay) -> Instant? {
        let first = firstInstant(day, minute)
        let shown = Int64(day.daysSinceEpoch * 86_400 + minute.minutes * 60)
        return first.seconds + Int64(secondsEast(at: first)) == shown ? first : nil
    }
}
