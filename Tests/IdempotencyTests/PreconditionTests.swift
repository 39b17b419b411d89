import Idempotency
import Testing

@Suite("Whoever replaces a thing")
struct PreconditionTests {
    @Test("may do so when it is as he has seen it")
    func held() throws {
        try Precondition.unstated.check(nil)
        try Precondition.absent.check(nil)
        try Precondition.anyVersion.check(7)
        try Precondition.version(7).check(7)
    }

    @Test("must say which version he has seen of a thing that exists")
    func unstated() {
        #expect(throws: Precondition.Fault.unstated) { try Precondition.unstated.check(1) }
    }

    @Test(
        "is refused when it is otherwise by now",
        arguments: [(.absent, 1), (.anyVersion, nil), (.version(1), 2), (.version(1), nil)] as [(Precondition, Int?)])
    func failed(precondition: Precondition, current: Int?) {
        #expect(throws: Precondition.Fault.failed) { try precondition.check(current) }
    }
}
