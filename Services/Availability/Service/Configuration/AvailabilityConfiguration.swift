import Redis
import Runtime

/// The variables of Availability.
struct AvailabilityConfiguration {
    let redis: RedisConfiguration
    /// How long a process keeps the answer to a search for equal searches.
    let answerLifetime: Duration
    /// How many searches without a token one client address may make per minute.
    let searchesPerMinute: Int
    /// The pause between two runs of ``ConsistencyCheck``.
    let checkInterval: Duration

    /// How many days FHIR and SMART Scheduling Links show, today included.
    let shownDays: Int

    /// Throws ``ConfigurationError`` for values that cannot be used, and for a malformed address of Redis.
    init(_ reader: inout ConfigurationReader) throws {
        let url = reader.secret(
            "GUICHET_REDIS_URL",
            "Address of Redis, the cache of views: `redis://[user:password@]host[:port][/database]`.")
        answerLifetime = reader.duration(
            "GUICHET_AVAILABILITY_ANSWER_LIFETIME", default: .milliseconds(50), in: .milliseconds(1) ... .seconds(1),
            "How long a process answers equal searches with one answer.")
        searchesPerMinute = reader.integer(
            "GUICHET_AVAILABILITY_SEARCHES_PER_MINUTE", default: 600, in: 1...10_000_000,
            "Searches without a token per minute and client address, in one process.")
        checkInterval = reader.duration(
            "GUICHET_AVAILABILITY_AUDIT_INTERVAL", default: .seconds(5), in: .milliseconds(100) ... .seconds(3600),
            "Pause between two checks of some days of a tenant against the central index.")
        shownDays = reader.integer(
            "GUICHET_AVAILABILITY_SHOWN_DAYS", default: 14, in: 1...60,
            "Days, today included, that FHIR and SMART Scheduling Links show.")
        try reader.checkValues()
        do {
            redis = try RedisConfiguration(url: url.value)
        } catch {
            throw ConfigurationError(faults: ["GUICHET_REDIS_URL: \(error)"])
        }
    }
}
