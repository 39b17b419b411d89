import EventLoop

extension TenantDirectory {
    /// How long the caller waits for another server than the home server.
    private static let patience: Duration = .seconds(2)

    /// Runs `body` for each database server that holds schemas of this service, for all concurrently. Throws
    /// ``SchemaFaults`` when all have ended.
    ///
    /// A server that does not answer must not delay the work on the others, so the caller waits only a moment for one that
    /// is not the home server. Its round then goes on by itself, and until it ends the server is left out of further rounds
    /// of the same work.
    ///
    /// - Parameters:
    ///   - file: with `line`, tells one kind of work from another.
    package func onEachServer(
        file: String = #fileID, line: Int = #line, _ body: @escaping @EventLoop (ServerSchemas) async throws -> Void
    ) async throws {
        var faults = SchemaFaults()
        let started = rounds.compactMap { round in
            start(round, "\(file):\(line) \(round.server)", body).map { (round, $0) }
        }
        for (round, outcome) in started {
            if case .failure(let error) = await outcome.fulfilment() { faults.add(error, of: round.server) }
        }
        try faults.check()
    }

    private typealias RoundOutcome = Promise<Result<Void, any Error>>

    /// Returns nil if the round before has not ended.
    private func start(
        _ round: ServerSchemas, _ work: String, _ body: @escaping @EventLoop (ServerSchemas) async throws -> Void
    ) -> RoundOutcome? {
        let isHome = round.registry != nil
        guard isHome || running.insert(work).inserted else { return nil }
        let outcome = RoundOutcome()
        EventLoop.start { [self] in
            do {
                try await body(round)
                outcome.fulfil(.success(()))
            } catch {
                outcome.fulfil(.failure(error))
            }
            if !isHome { running.remove(work) }
        }
        if !isHome {
            EventLoop.schedule(after: Self.patience) { outcome.fulfil(.failure(SlowServer())) }
        }
        return outcome
    }
}

/// A server has not ended a round yet.
private struct SlowServer: Error {}
