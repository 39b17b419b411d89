import Runtime
import Testing

@Suite("Metrics")
struct MetricsTests {
    private let metrics = MetricsRegistry()

    @Test("are exposed in the format of Prometheus, by name and by labels")
    func golden() async {
        let requests = metrics.histogram(
            "http.server.request.duration", bounds: [0.1, 0.5], by: ["http.route"], "Time to answer.")
        requests["/api/slots"].record(.milliseconds(100))
        requests["/api/slots"].record(.milliseconds(300))
        requests["/api/slots"].record(2.0)
        metrics.gauge("db.client.connection.count", by: ["state", "pool.name"], "A \"pool\",\nby \\ state.")[
            "idle", "a\"b\\c\n"
        ].set(1.5)
        metrics.counter("messaging.client.sent.messages", "Messages sent.").increment(by: 3)
        #expect(
            await metrics.exposition() == """
                # HELP db_client_connection_count A "pool",\\nby \\\\ state.
                # TYPE db_client_connection_count gauge
                db_client_connection_count{state="idle",pool_name="a\\"b\\\\c\\n"} 1.5
                # HELP http_server_request_duration_seconds Time to answer.
                # TYPE http_server_request_duration_seconds histogram
                http_server_request_duration_seconds_bucket{http_route="/api/slots",le="0.1"} 1
                http_server_request_duration_seconds_bucket{http_route="/api/slots",le="0.5"} 2
                http_server_request_duration_seconds_bucket{http_route="/api/slots",le="+Inf"} 3
                http_server_request_duration_seconds_sum{http_route="/api/slots"} 2.4
                http_server_request_duration_seconds_count{http_route="/api/slots"} 3
                # HELP messaging_client_sent_messages_total Messages sent.
                # TYPE messaging_client_sent_messages_total counter
                messaging_client_sent_messages_total 3
                # HELP metrics_label_overflow_total Measurements whose labels were over the bound.
                # TYPE metrics_label_overflow_total counter

                """)
    }

    @Test("are the same instrument when asked for twice")
    func identity() {
        let first = metrics.counter("jobs.run", "Runs.")
        #expect(first === metrics.counter("jobs.run", "Runs."))
        let family = metrics.counter("routes.hit", by: ["route"], "Hits.")
        #expect(family["a"] === family["a"])
        #expect(family["a"] !== family["b"])
    }

    @Test("keep no more combinations of labels than the limit; the rest is measured together and counted")
    func cardinality() async {
        let hits = metrics.counter("routes.hit", by: ["route"], "Hits.")
        let bound = MetricFamily<Counter>.limit
        for index in 0..<bound + 10 { hits["/\(index)"].increment() }
        hits["/0"].increment()
        let lines = await metrics.exposition().split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("routes_hit_total{") } == bound + 1)
        #expect(lines.contains(#"routes_hit_total{route="/0"} 2"#))
        #expect(lines.contains(#"routes_hit_total{route="other"} 10"#))
        #expect(lines.contains(#"metrics_label_overflow_total{metric="routes_hit_total"} 10"#))
    }

    @Test("lose nothing that several threads record at once")
    func concurrency() async {
        let counter = metrics.counter("jobs.run", "Runs.")
        let gauge = metrics.gauge("jobs.open", "Open.")
        let histogram = metrics.histogram("jobs.duration", bounds: [1], "Time.")
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { @concurrent in
                    for _ in 0..<1000 {
                        counter.increment()
                        gauge.add(2)
                        histogram.record(0.5)
                    }
                }
            }
        }
        let lines = await metrics.exposition().split(separator: "\n")
        #expect(lines.contains("jobs_run_total 8000"))
        #expect(lines.contains("jobs_open 16000"))
        #expect(lines.contains("jobs_duration_seconds_sum 4000"))
    }

    @Test("read values that are kept elsewhere at each collection")
    func observed() async {
        metrics.gauge("pool.free", "Free.").observe { 4 }
        metrics.counter("pool.lent", "Lent.").observe { .infinity }
        let lines = await metrics.exposition().split(separator: "\n")
        #expect(lines.contains("pool_free 4"))
        #expect(lines.contains("pool_lent_total +Inf"))
    }

    @Test("show memory, processor time, descriptors and start of the process")
    func process() async throws {
        metrics.observeProcess()
        let lines = await metrics.exposition().split(separator: "\n")
        func value(_ name: String) -> Double? {
            lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
        }
        #expect(try #require(value("process_memory_usage_bytes")) > 1_000_000)
        #expect(try #require(value("process_cpu_time_seconds_total")) > 0)
        #expect(try #require(value("process_unix_file_descriptor_count")) >= 3)
        #expect(try #require(value("process_start_time_seconds")) > 1_700_000_000)
    }
}
