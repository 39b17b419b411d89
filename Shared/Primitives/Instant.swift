import Glibc

/// A point in time: microseconds since 1970-01-01T00:00:00Z, the precision of PostgreSQL's `timestamptz`.
///
/// Its textual form is RFC 3339, always written in UTC; any offset is accepted when read.
package struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since the Unix epoch.
    package let microseconds: Int64

    /// From microseconds since the Unix epoch.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// From whole seconds since the Unix epoch; out of range, the last or the first instant.
    package init(seconds: Int64) {
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = isBeyond ? (seconds < 0 ? .min : .max) : product
    }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }

    /// The wall clock of this machine. Domain rules never read it: they get the time as an argument.
    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// The instant `duration` later; out of range, the last or the first one.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return Instant(
            microseconds: instant.microseconds.clamped(adding: Instant(seconds: seconds).microseconds)
                .clamped(adding: attoseconds / 1_000_000_000_000))
    }

    /// The instant `duration` earlier.
    package static func - (instant: Instant, duration: Duration) -> Instant { instant + (.zero - duration) }

    /// The time from `right` to `left`.
    package static func - (left: Instant, right: Instant) -> Duration {
        let (difference, isBeyond) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return .microseconds(isBeyond ? (left < right ? .min : .max) : difference)
    }
}

extension Int64 {
    /// The sum, or the limit that it exceeds: input must not end a process.
    fileprivate func clamped(adding other: Int64) -> Int64 {
        let (sum, isBeyond) = addingReportingOverflow(other)
        return isBeyond ? (other < 0 ? .min : .max) : sum
    }
}

extension SignedInteger {
    /// Division that rounds towards minus infinity.
    func flooredQuotient(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
