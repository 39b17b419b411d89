/// How long the parts of a process may take to start and to stop.
package struct LifecycleConfiguration: Sendable {
    /// The longest time until one service is ready.
    package var startTimeout: Duration
    /// How long a stopping process still accepts work, so that the gateway can see that it is not ready.
    package var drainDelay: Duration
    /// The longest time for one service to finish its work.
    package var drainTimeout: Duration

    /// With the given times.
    package init(startTimeout: Duration, drainDelay: Duration, drainTimeout: Duration) {
        (self.startTimeout, self.drainDelay, self.drainTimeout) = (startTimeout, drainDelay, drainTimeout)
    }

    /// Reads the times from the configuration.
    package init(_ reader: inout ConfigurationReader) {
        startTimeout = reader.duration(
            "GUICHET_START_TIMEOUT", default: .seconds(60), in: .seconds(1) ... .seconds(3600),
            "Longest time for one part of the process to become ready.")
        drainDelay = reader.duration(
            "GUICHET_DRAIN_DELAY", default: .seconds(1), in: .zero ... .seconds(300),
            "Time between readiness going down and the first part being drained; at least two health checks of the "
                + "gateway.")
        drainTimeout = reader.duration(
            "GUICHET_DRAIN_TIMEOUT", default: .seconds(10), in: .milliseconds(10) ... .seconds(600),
            "Longest time for one part of the process to finish what it holds.")
    }
}
