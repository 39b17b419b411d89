/// Returns the problem that a service answers for one of its own errors; nil for an internal error.
package typealias ProblemMapper = @Sendable (any Error) -> Problem?
