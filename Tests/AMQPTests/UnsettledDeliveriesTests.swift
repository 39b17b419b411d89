import Testing

@testable import AMQP

@Suite("Deliveries without a verdict")
struct UnsettledDeliveriesTests {
    @Test("are acknowledged together up to the first that is not acknowledged, and one by one behind it")
    func together() {
        var unsettled = Self.of(1...6)
        for tag: UInt64 in [2, 1, 3, 5] { unsettled.acknowledge(tag) }
        let first = unsettled.takeAcknowledged()
        #expect(first.through == 3 && first.others == [5])
        for tag: UInt64 in [6, 4] { unsettled.acknowledge(tag) }
        let second = unsettled.takeAcknowledged()
        #expect(second.through == 6 && second.others == [])
        let third = unsettled.takeAcknowledged()
        #expect(third.through == nil && third.others == [])
    }

    @Test("that got another verdict do not hold up those behind them")
    func rejected() {
        var unsettled = Self.of(7...9)
        unsettled.remove(7)
        unsettled.acknowledge(8)
        let taken = unsettled.takeAcknowledged()
        #expect(taken.through == 8 && taken.others == [])
    }

    private static func of(_ tags: ClosedRange<UInt64>) -> UnsettledDeliveries {
        var unsettled = UnsettledDeliveries()
        for tag in tags { unsettled.add(tag) }
        return unsettled
    }
}
