import BookingDomain
import Primitives
import SchedulingTesting
import Testing

@Suite("Beginnings of names")
struct NameBeginningTests {
    @Test(
        "begin words of the name, in any order, with or without accents",
        arguments: [
            ("yas", true), ("YASM", true), ("ben yas", true), ("benali", true), ("Béna", true), ("nali", false),
            ("yas kaci", false), ("yasmineb", false), ("ya", false),
        ])
    func beginnings(text: String, begins: Bool) {
        let name = valid(PatientName("Yasmine Benali"))
        #expect(valid(NameBeginning(text)).begins(name) == begins)
    }

    @Test("find what they begin by the keys of an index", arguments: ["yas", "benali", "yasmine ben", "li", "Él"])
    func keys(text: String) {
        let beginning = valid(NameBeginning(text))
        for name in ["Yasmine Benali", "Li Yasmina Benaliouche", "Él Benali"].map({ valid(PatientName($0)) }) {
            let isFound = NameBeginning.keys(of: name).isSuperset(of: beginning.keys)
            #expect(isFound || !beginning.begins(name))
        }
    }

    @Test("of a name are bounded, however long it is")
    func bounds() {
        let long = valid(PatientName(String(repeating: "abcdefgh ij ", count: 10)))
        #expect(NameBeginning.keys(of: long) == ["abc", "abcd", "abcde", "abcdef", "ij"])
        let many = valid(PatientName((0..<20).map { "mot\($0)" }.joined(separator: " ")))
        #expect(NameBeginning.keys(of: many).count <= NameBeginning.maximumWords * 4)
    }

    @Test("have a letter", arguments: ["-", "’ ’", "·"])
    func noLetters(text: String) { #expect(NameBeginning(text) == nil) }
}
