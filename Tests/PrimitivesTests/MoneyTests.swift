import Primitives
import Testing

@Suite("Money")
struct MoneyTests {
    @Test("adds, subtracts and multiplies within one currency")
    func arithmetic() throws {
        let price = Money(minorUnits: 1250, .euro)
        #expect(try price.adding(Money(minorUnits: 50, .euro)).minorUnits == 1300)
        #expect(try price.subtracting(Money(minorUnits: 2000, .euro)).minorUnits == -750)
        #expect(try price.multiplied(by: 3).minorUnits == 3750)
        #expect(try Money.sum([price, price], in: .euro).minorUnits == 2500)
        #expect(try Money.sum([], in: .euro) == .zero(.euro))
    }

    @Test("never mixes currencies and never wraps around")
    func faults() {
        let euro = Money(minorUnits: 1, .euro)
        #expect(throws: Money.Fault.currenciesDiffer(.euro, .usDollar)) {
            try euro.adding(Money(minorUnits: 1, .usDollar))
        }
        #expect(throws: Money.Fault.overflow) { try Money(minorUnits: .max, .euro).adding(euro) }
        #expect(throws: Money.Fault.overflow) { try Money(minorUnits: .min, .euro).subtracting(euro) }
        #expect(throws: Money.Fault.overflow) { try Money(minorUnits: .max, .euro).multiplied(by: 2) }
    }

    private static let allocations: [(amount: Int64, weights: [Int64], shares: [Int64])] = [
        (100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (5, [3, 7], [2, 3]),
        (1, [1, 1], [1, 0]), (0, [2, 5], [0, 0]), (10, [0, 1, 0], [0, 10, 0]), (7, [5, 5, 0], [4, 3, 0]),
    ]

    @Test("is allocated by the largest remainder, of equal remainders to the first", arguments: allocations)
    func allocation(amount: Int64, weights: [Int64], shares: [Int64]) throws {
        let parts = try Money(minorUnits: amount, .euro).allocated(by: weights)
        #expect(parts.map(\.minorUnits) == shares)
    }

    @Test("keeps every minor unit, and no share is off by a whole one")
    func conservation() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let amount = Money(minorUnits: .random(in: -1_000_000...1_000_000, using: &generator), .algerianDinar)
            let weights = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Int64.random(in: 1...10_000, using: &generator)
            }
            let shares = try amount.allocated(by: weights)
            #expect(try Money.sum(shares, in: .algerianDinar) == amount)
            let total = weights.reduce(0, +)
            for (share, weight) in zip(shares, weights) {
                #expect(abs(share.minorUnits * total - amount.minorUnits * weight) < total)
            }
        }
    }

    @Test("is allocated at the ends of what 64 bits hold")
    func extremes() throws {
        for amount in [Int64.max, .min] {
            let shares = try Money(minorUnits: amount, .euro).allocated(by: [.max, .max, 1])
            #expect(shares.map(\.minorUnits).reduce(0, &+) == amount)
            #expect(try Money(minorUnits: amount, .euro).allocated(by: [0, 1]).map(\.minorUnits) == [0, amount])
        }
    }

    @Test("refuses weights that divide nothing", arguments: [[], [0, 0], [1, -1]])
    func weights(_ weights: [Int64]) {
        #expect(throws: Money.Fault.unusableWeights) { try Money(minorUnits: 1, .euro).allocated(by: weights) }
    }

    @Test("is split into shares that differ by one minor unit at most")
    func split() throws {
        #expect(try Money(minorUnits: 1001, .euro).split(into: 4).map(\.minorUnits) == [251, 250, 250, 250])
        #expect(throws: Money.Fault.unusableWeights) { try Money(minorUnits: 1, .euro).split(into: 0) }
    }

    @Test("is written with the digits of its currency")
    func text() {
        #expect(Money(minorUnits: 1234, .euro).description == "12.34 EUR")
        #expect(Money(minorUnits: -5, .euro).description == "-0.05 EUR")
        #expect(Money(minorUnits: 5, .tunisianDinar).description == "0.005 TND")
        #expect(Money(minorUnits: 500, .westAfricanFranc).description == "500 XOF")
        #expect(Money(minorUnits: .min, .euro).description == "-92233720368547758.08 EUR")
    }
}
