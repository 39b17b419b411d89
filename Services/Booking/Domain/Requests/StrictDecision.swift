/// What to do with a strict request.
package enum StrictDecision: Hashable, Sendable {
    package enum UseCase: Hashable, Sendable { case findSlots, book, reschedule, cancel, confirm }

    /// Everything needed is there.
    case run(UseCase)
    /// Ask the person for these fields, in this order; for none, when an assistant asked although nothing is missing.
    case ask([StrictField])
}
