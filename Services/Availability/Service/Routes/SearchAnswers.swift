import EventLoop
import HTTPServer
import Runtime
import ServiceHost

/// The encoded answers to searches.
@EventLoop
final class SearchAnswers {
    private let searchSlots: SearchSlots
    private let cache: AnswerCache<SearchRequest, EncodedContent<SearchView>>
    /// Searches answered from this process's copies, and those that were computed.
    private let counts: MetricFamily<Counter>

    init(_ searchSlots: SearchSlots, _ configuration: AvailabilityConfiguration) {
        (self.searchSlots, cache) = (searchSlots, AnswerCache(lifetime: configuration.answerLifetime))
        counts = searchSlots.context.platform.metrics.counter(
            "guichet.search.answers", by: ["source"], "Searches answered, by where the answer came from.")
    }

    /// An answer that equal searches share for a moment.
    func shared(_ request: SearchRequest) async throws -> EncodedContent<SearchView> {
        let (content, wasKept) = try await cache.answer(to: request) { [searchSlots] in
            try EncodedContent(try await searchSlots(request, isFresh: false))
        }
        counts[wasKept ? "process" : "views"].increment()
        return content
    }

    /// An answer from the database.
    func fresh(_ request: SearchRequest) async throws -> EncodedContent<SearchView> {
        try EncodedContent(try await searchSlots(request, isFresh: true))
    }
}
