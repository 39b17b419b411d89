/// The part of a strict request that decides what happens: the action, and which fields came with it.
package struct StrictRequest: Hashable, Sendable {
    package let action: StrictAction
    package let present: Set<StrictField>

    /// An action with the fields that the request carries.
    package init(_ action: StrictAction, present: Set<StrictField>) {
        (self.action, self.present) = (action, present)
    }

    /// The use case to run, or the fields to ask for.
    package var decision: StrictDecision {
        let (useCase, needed) = Self.needs(of: action)
        let missing = needed.filter { !present.contains($0) }
        guard let useCase, missing.isEmpty else { return .ask(missing) }
        return .run(useCase)
    }

    /// The table: what each action runs and what it cannot do without, in the order of asking. NEED_INFO runs nothing;
    /// it asks for what an appointment still lacks.
    private static func needs(of action: StrictAction) -> (StrictDecision.UseCase?, [StrictField]) {
        switch action {
        case .findSlots: (.findSlots, [.careType])
        case .create: (.book, [.careType, .slot, .patient])
        case .reschedule: (.reschedule, [.appointment, .slot])
        case .cancel: (.cancel, [.appointment])
        case .confirmation: (.confirm, [.appointment])
        case .needInfo: (nil, [.careType, .slot, .patient])
        }
    }
}
