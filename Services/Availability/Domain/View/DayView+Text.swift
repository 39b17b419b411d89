import Primitives
package import Scheduling

// A view as it is stored and cached: short, readable, and one type of care can be parsed without the others.
//
//     30 1764547200                                        lead time in minutes; bookable from, seconds since 1970
//     *detartrage 45                                       a type of care and how long it takes
//     01a1faa0-d370-73b4-821c-389a0c65bf5e Dr Amina        a practitioner
//     29667420+15x12 29667660                              free starts
//     29667600+15x4                                        taken starts

extension DayView {
    /// The view as text.
    package var text: String {
        let lineFeed = UInt8(ascii: "\n")
        var text = Array("\(bounds.leadTimeMinutes) \(bounds.bookableFrom.seconds)".utf8)
        for care in cares {
            text.append(contentsOf: "\n*\(care.careType.rawValue) \(care.durationMinutes)".utf8)
            for offer in care.offers {
                text.append(contentsOf: "\n\(offer.practitioner) \(offer.name)\n".utf8)
                StartRuns.write(offer.free, to: &text)
                text.append(lineFeed)
                StartRuns.write(offer.taken, to: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads ``text``, or only the part of one type of care. Returns nil for any other text.
    package init?(_ text: String, only wanted: CareType? = nil) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let head = lines.popFirst()?.split(separator: " "), head.count == 2, let lead = Int(head[0]),
            let from = Int64(head[1])
        else { return nil }
        var cares: [Care] = []
        while let line = lines.popFirst() {
            let parts = line.split(separator: " ")
            guard line.first == "*", parts.count == 2, let careType = CareType(rawValue: String(parts[0].dropFirst())),
                let duration = Int(parts[1])
            else { return nil }
            let block = lines.prefix { $0.first != "*" }
            lines = lines.dropFirst(block.count)
            guard wanted == nil || wanted == careType else { continue }
            guard let offers = Self.offers(block) else { return nil }
            cares.append(Care(careType: careType, durationMinutes: duration, offers: offers))
        }
        self.init(bounds: Bounds(leadTimeMinutes: lead, bookableFrom: Instant(seconds: from)), cares: cares)
    }

    private static func offers(_ lines: ArraySlice<Substring>) -> [Offer]? {
        guard lines.count.isMultiple(of: 3) else { return nil }
        var offers: [Offer] = []
        for index in stride(from: lines.startIndex, to: lines.endIndex, by: 3) {
            let who = lines[index]
            guard let practitioner = Identifier<Resource>(who.prefix(36)),
                let free = StartRuns.starts(lines[index + 1]), let taken = StartRuns.starts(lines[index + 2])
            else { return nil }
            offers.append(
                Offer(practitioner: practitioner, name: String(who.dropFirst(37)), free: free, taken: taken))
        }
        return offers
    }
}
