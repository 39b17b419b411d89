import Primitives
import SchedulingTesting
import Testing
import WaitingLine

@Suite("A waiting line")
struct LineTests {
    /// The line as a list that is sorted again after each change.
    private struct Model {
        var places: [Int: Place] = [:]
        var order: [Int] {
            places.sorted { ($0.value.milliseconds, $0.key) < ($1.value.milliseconds, $1.key) }.map(\.key)
        }
    }

    @Test("has the order and the ranks of a list that is sorted after each change", arguments: 0..<20)
    func againstModel(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var (line, model) = (Line<Int>(), Model())
        for _ in 0..<300 {
            let ticket = random.int(0...40)
            if random.once(in: 3) {
                #expect(line.remove(ticket) == (model.places.removeValue(forKey: ticket) != nil))
            } else {
                let place = Place(milliseconds: random.int(0...30))
                line.insert(ticket, at: place)
                model.places[ticket] = place
            }
            let order = model.order
            #expect(line.entries.map(\.ticket) == order)
            #expect(line.next == order.first)
            for ticket in 0...40 { #expect(line.rank(of: ticket) == order.firstIndex(of: ticket)) }
        }
        #expect(Line(line.entries.shuffled(using: &random)) == line)
    }

    @Test("gives a place behind exactly the next tickets", arguments: 0..<20)
    func placeBehind(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let count = random.int(0...8)
            var line = Line((0..<count).map { Line.Entry($0, at: Place(milliseconds: random.int(0...1) + $0 * 3)) })
            let behind = random.int(0...10)
            line.insert(100, at: line.place(behind: behind, orElse: Place(milliseconds: 7)))
            #expect(line.rank(of: 100) == min(behind, count))
        }
    }
}

@Suite("Places in a line")
struct PlaceTests {
    private let start = Instant(seconds: 1_800_000_000)

    @Test("let no ticket overtake one that joined the longest advance before it", arguments: 0..<20)
    func fairness(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let (early, late) = (random.pick(TicketPriority.allCases), random.pick(TicketPriority.allCases))
            let joined = start + .seconds(random.int(0...10_000))
            let later = joined + TicketPriority.longestAdvance + .milliseconds(random.int(1...10_000))
            #expect(Place(joiningAt: joined, early) < Place(joiningAt: later, late))
        }
        #expect(TicketPriority.allCases.map(\.advance).max() == TicketPriority.longestAdvance)
    }

    @Test("of one priority are in the order of joining", arguments: TicketPriority.allCases)
    func order(priority: TicketPriority) {
        let places = (0..<5).map { Place(joiningAt: start + .milliseconds($0), priority) }
        #expect(places == places.sorted() && Set(places).count == 5)
    }

    @Test("of patients with appointments follow the appointment, not the arrival, unless they are late")
    func appointments() {
        let due = start + .seconds(3600)
        let early = Place(arrivingAt: start, forAppointmentAt: due)
        #expect(early == Place(joiningAt: due, .appointment))
        #expect(early == Place(arrivingAt: due + Place.grace, forAppointmentAt: due))
        let late = due + Place.grace + .seconds(1)
        #expect(Place(arrivingAt: late, forAppointmentAt: due) == Place(joiningAt: late, .normal))
    }

    @Test("of patients with appointments are fair, whenever they arrive", arguments: 1...100)
    func fairAppointments(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let due = start + .seconds(random.int(0...10_000))
        let arrival = due + .seconds(random.int(-20_000...20_000))
        let place = Place(arrivingAt: arrival, forAppointmentAt: due)
        // A later arrival is never before an earlier one.
        #expect(place <= Place(arrivingAt: arrival + .seconds(random.int(0...5000)), forAppointmentAt: due))
        // A person who has waited longer than the advance and the grace goes first.
        let advance = TicketPriority.appointment.advance + Place.grace
        #expect(place >= Place(joiningAt: arrival - advance, .normal))
        // Of two patients on time, the one with the earlier appointment goes first.
        if arrival <= due { #expect(place < Place(arrivingAt: arrival, forAppointmentAt: due + .seconds(60))) }
    }

    @Test("change with the priority and back")
    func priorityChanges() {
        let place = Place(joiningAt: start, .normal)
        let urgent = place.changing(from: .normal, to: .urgent)
        #expect(urgent == Place(joiningAt: start, .urgent))
        #expect(urgent.changing(from: .urgent, to: .normal) == place)
    }
}
