import Idempotency
import Primitives
import Testing

@Suite("Preconditions")
struct PreconditionTests {
    @Test("hold if the resource is as the client has seen it")
    func held() throws {
        try Precondition.unstated.check(nil)
        try Precondition.absent.check(nil)
        try Precondition.anyVersion.check(Self.version(7))
        try Precondition.version(Self.version(7)).check(Self.version(7))
        try Precondition.version(Self.version(7, in: 3)).check(Self.version(7, in: 3))
    }

    @Test("must be stated for a resource that exists")
    func unstated() {
        #expect(throws: Precondition.Fault.unstated) { try Precondition.unstated.check(Self.version(1)) }
    }

    @Test(
        "fail if the resource is not as the client has seen it, or a restore has begun another generation",
        arguments: [
            (.absent, version(1)), (.anyVersion, nil), (.version(version(1)), version(2)), (.version(version(1)), nil),
            (.version(version(1)), version(1, in: 2)), (.version(version(1, in: 3)), version(1, in: 2)),
        ] as [(Precondition, EntityVersion?)])
    func failed(precondition: Precondition, current: EntityVersion?) {
        #expect(throws: Precondition.Fault.failed) { try precondition.check(current) }
    }

    private static func version(_ number: Int, in generation: Int = 1) -> EntityVersion {
        EntityVersion(generation: generation, number: number)
    }
}
