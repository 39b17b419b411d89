import Primitives

extension CalendarObject {
    /// Adds a time zone (RFC 5545, section 3.6.5), with an observance for each period of one offset.
    mutating func add(_ zone: ZoneOffsets, named name: String) {
        component("VTIMEZONE") { component in
            component.add("TZID", text: name)
            component.add(Observance(from: zone.initial, to: zone.initial, start: "19700101T000000"))
            var offset = zone.initial
            for change in zone.changes {
                // The start is what clocks showed at the change, before it.
                let start = Self.local(change.instant, secondsEast: offset)
                component.add(Observance(from: offset, to: change.secondsEast, start: start))
                offset = change.secondsEast
            }
        }
    }

    /// A period in which an offset is in force.
    private struct Observance {
        let from: Int
        let to: Int
        let start: String
    }

    /// Clocks that are set forward show summer time, as a rule; programs calculate with the offsets alone.
    private mutating func add(_ observance: Observance) {
        component(observance.to > observance.from ? "DAYLIGHT" : "STANDARD") { component in
            component.add("DTSTART", observance.start)
            component.add("TZOFFSETFROM", Self.offset(observance.from))
            component.add("TZOFFSETTO", Self.offset(observance.to))
        }
    }

    /// `20261025T030000`
    private static func local(_ instant: Instant, secondsEast: Int) -> String {
        let shown = Instant(seconds: instant.seconds + Int64(secondsEast))
        return String(shown.description.filter { $0 != "-" && $0 != ":" }.dropLast())
    }

    /// `+0100`
    private static func offset(_ secondsEast: Int) -> String {
        let minutes = abs(secondsEast) / 60
        func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return (secondsEast < 0 ? "-" : "+") + digits(minutes / 60) + digits(minutes % 60)
    }
}
