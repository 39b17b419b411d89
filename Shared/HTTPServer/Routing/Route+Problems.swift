extension Route {
    /// The problems that any route may answer, or the gateway in place of the service.
    static let problemsOfAll: Set<ProblemType> = [
        .malformedRequest, .invalidQuery, .invalidBody, .contentTooLarge, .headTooLarge, .tooManyRequests,
        .internalError,
        .badGateway, .timeout, .unavailable, .gatewayTimeout,
    ]

    /// The problems of the route and those that follow from what it takes and who may call it. A handler throws some of
    /// these itself: `not-found` for what a path names, `unavailable` where the database does not answer.
    package var allProblems: [ProblemType] {
        var all = problems + Self.problemsOfAll
        if method != .get { all.append(.outcomeUnknown) }
        if access != .anyone { all += [.unauthenticated, .forbidden] }
        if !template.parameters.isEmpty { all.append(.notFound) }
        if idempotency == .required { all.append(.idempotencyKeyMissing) }
        if idempotency != .none { all += [.idempotencyKeyInvalid, .idempotencyKeyInUse, .idempotencyKeyReused] }
        if ifMatch != .none { all.append(.preconditionFailed) }
        if [.required, .requiredToReplace].contains(ifMatch) { all.append(.preconditionRequired) }
        if content.body != nil { all += [.unsupportedMediaType, .requestTimeout] }
        if content.isPaged { all += [.invalidCursor] }
        if success == .switchingProtocols { all += [.upgradeRequired] }
        return all
    }
}
