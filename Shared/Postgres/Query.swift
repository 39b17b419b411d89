import EventLoop

/// A statement together with how its rows are read.
///
/// Several are asked in one round trip, each answered in its own type:
///
///     let (version, hours) = try await store.ask(Calendar.version, Calendar.hours(of: room))
package struct Query<Answer>: Sendable {
    /// The statement; nil when nothing needs to be asked.
    package let statement: SQL?
    private let read: @Sendable ([Row]) throws -> Answer

    /// - Parameter read: makes the answer of all rows; throws what the caller of ``ask`` gets.
    package init(_ statement: SQL, _ read: @escaping @Sendable ([Row]) throws -> Answer) {
        (self.statement, self.read) = (statement, read)
    }

    private init(statement: SQL?, _ read: @escaping @Sendable ([Row]) throws -> Answer) {
        (self.statement, self.read) = (statement, read)
    }

    /// Answers `answer` without asking the database.
    package static func known(_ answer: Answer) -> Query where Answer: Sendable {
        Query(statement: nil) { _ in answer }
    }

    /// Reads every row.
    package static func all<Element>(
        _ statement: SQL, _ read: @escaping @Sendable (Row) throws -> Element
    ) -> Query where Answer == [Element] {
        Query(statement) { try $0.map(read) }
    }

    /// Reads the first row; nil if there is none.
    package static func first<Element>(
        _ statement: SQL, _ read: @escaping @Sendable (Row) throws -> Element
    ) -> Query where Answer == Element? {
        Query(statement) { try $0.first.map(read) }
    }

    /// Reads the one row that the statement always has, as an aggregate does. Throws ``CorruptRow`` if there is none.
    package static func one(
        _ statement: SQL, _ read: @escaping @Sendable (Row) throws -> Answer
    ) -> Query {
        Query(statement) { rows in
            guard let row = rows.first else { throw CorruptRow("a statement that always has a row") }
            return try read(row)
        }
    }

    /// Runs a statement whose rows do not matter.
    package static func run(_ statement: SQL) -> Query where Answer == Void { Query(statement) { _ in () } }

    /// The same rows, answered in another way.
    package func map<Other>(_ transform: @escaping @Sendable (Answer) throws -> Other) -> Query<Other> {
        let read = self.read
        return Query<Other>(statement: statement) { try transform(read($0)) }
    }

    /// The answer of the rows that the statement returned.
    func answer(_ rows: [Row]) throws -> Answer { try read(rows) }
}

/// Asks several queries by one `batch`, which returns the rows of each statement. Known answers are left out of it.
@EventLoop
package func ask<each Answer>(
    _ queries: repeat Query<each Answer>, by batch: @EventLoop ([SQL]) async throws -> [[Row]]
) async throws -> (repeat each Answer) {
    var statements: [SQL] = []
    for query in repeat each queries {
        if let statement = query.statement { statements.append(statement) }
    }
    var rows = (statements.isEmpty ? [] : try await batch(statements))[...]
    func answer<One>(_ query: Query<One>) throws -> One {
        try query.answer(query.statement == nil ? [] : rows.removeFirst())
    }
    return (repeat try answer(each queries))
}

extension Transaction {
    /// Asks one query.
    package func ask<Answer>(_ query: Query<Answer>) async throws -> Answer {
        try await Postgres.ask(query) { try await self.batch($0) }
    }

    /// Asks several queries in one round trip.
    package func ask<each Answer>(_ queries: repeat Query<each Answer>) async throws -> (repeat each Answer) {
        try await Postgres.ask(repeat each queries) { try await self.batch($0) }
    }
}
