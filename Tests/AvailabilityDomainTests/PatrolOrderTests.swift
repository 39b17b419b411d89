import Primitives
import Testing

@testable import AvailabilityDomain

@Suite("PatrolOrder")
struct PatrolOrderTests {
    @Test("tenants with damaged entries come first, then those just read, each once")
    func order() {
        let (searched, damaged): (TenantSlug, TenantSlug) = ("searched", "damaged")
        var order = PatrolOrder()
        order.noteReading(of: searched)
        order.noteReading(of: damaged)
        order.noteDamage(of: damaged)
        #expect([order.next(), order.next(), order.next()] == [damaged, searched, nil])
    }

    @Test("keeps a limited number of tenants")
    func limit() throws {
        var order = PatrolOrder()
        for number in 0..<PatrolOrder.limit + 10 { order.noteReading(of: try #require(TenantSlug("tenant-\(number)"))) }
        var count = 0
        while order.next() != nil { count += 1 }
        #expect(count == PatrolOrder.limit)
    }
}
