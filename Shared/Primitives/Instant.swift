import Glibc

/// A point in time: microseconds since 1970-01-01T00:00:00Z, the precision of PostgreSQL's `timestamptz`.
///
/// Its textual form is RFC 3339, always written in UTC; any offset is accepted when read.
package struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since the Unix epoch.
    package let microseconds: Int64

    /// From microseconds since the Unix epoch.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// From whole seconds since the Unix epoch.
    package init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }

    /// The wall clock of this machine. Rules of a domain never read it: time comes to them as an argument.
    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// The instant `duration` later.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return Instant(microseconds: instant.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The instant `duration` earlier.
    package static func - (instant: Instant, duration: Duration) -> Instant { instant + (.zero - duration) }

    /// The time from `right` to `left`.
    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension SignedInteger {
    /// Division that rounds towards minus infinity.
    func flooredQuotient(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
