import BookingDomain
import Scheduling
import Testing

@Suite("Strict requests")
struct StrictRequestTests {
    @Test(
        "run their use case when everything is there, and ask for the rest otherwise",
        arguments: [
            (StrictAction.findSlots, [], StrictDecision.ask([.careType])),
            (.findSlots, [.careType], .run(.findSlots)),
            (.create, [], .ask([.careType, .slot, .patient])),
            (.create, [.patient, .careType], .ask([.slot])),
            (.create, [.patient, .careType, .slot], .run(.book)),
            (.reschedule, [.slot], .ask([.appointment])),
            (.reschedule, [.appointment], .ask([.slot])),
            (.reschedule, [.slot, .appointment], .run(.reschedule)),
            (.cancel, [.patient], .ask([.appointment])),
            (.cancel, [.appointment], .run(.cancel)),
            (.confirmation, [], .ask([.appointment])),
            (.confirmation, [.appointment], .run(.confirm)),
            (.needInfo, [.slot], .ask([.careType, .patient])),
            (.needInfo, StrictField.allCases, .ask([])),
        ])
    func table(action: StrictAction, present: [StrictField], decision: StrictDecision) {
        #expect(StrictRequest(action, present: Set(present)).decision == decision)
    }

    @Test("a field more never makes more missing, and all fields run every action but NEED_INFO")
    func monotone() {
        let sets = (0..<16).map { bits in
            Set(StrictField.allCases.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element))
        }
        for action in StrictAction.allCases {
            for present in sets {
                for field in StrictField.allCases {
                    let fewer = missing(StrictRequest(action, present: present))
                    #expect(missing(StrictRequest(action, present: present.union([field]))).isSubset(of: fewer))
                    #expect(fewer.isDisjoint(with: present))
                }
            }
            let full = StrictRequest(action, present: Set(StrictField.allCases)).decision
            #expect((full == .ask([])) == (action == .needInfo))
        }
    }

    private func missing(_ request: StrictRequest) -> Set<StrictField> {
        if case .ask(let fields) = request.decision { Set(fields) } else { [] }
    }
}
