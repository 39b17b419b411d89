import Foundation
import GuichetProtocol
import Testing

/// A kind of event that the suite publishes.
struct PublishedEvent: CustomTestStringConvertible, Sendable {
    let name: EventName
    /// The Swift type, as subscriptions name it.
    let swiftName: String
    /// Decodes the JSON of such an event and encodes it again.
    let recode: @Sendable (Data) throws -> Data

    init<Payload: Event>(_ payload: Payload.Type) {
        name = Payload.name
        swiftName = "\(payload)"
        recode = { try JSONEncoder().encode(JSONDecoder().decode(CloudEvent<Payload>.self, from: $0)) }
    }

    var testDescription: String { name.type }

    /// The path of its example.
    var fixture: String { "Tests/GuichetProtocolTests/Fixtures/\(name.type).json" }

    static let all = [
        PublishedEvent(AppointmentHeld.self), PublishedEvent(AppointmentConfirmed.self),
        PublishedEvent(AppointmentRescheduled.self), PublishedEvent(AppointmentCancelled.self),
        PublishedEvent(AppointmentExpired.self), PublishedEvent(AppointmentCompleted.self),
        PublishedEvent(AppointmentMissed.self), PublishedEvent(CalendarChanged.self),
        PublishedEvent(AgendaReported.self), PublishedEvent(DayPublished.self), PublishedEvent(AnomalyDetected.self),
        PublishedEvent(CareAlertRaised.self), PublishedEvent(ReportRequested.self),
        PublishedEvent(TenantAnnounced.self), PublishedEvent(SigningKeysPublished.self),
        PublishedEvent(SchemaPrepared.self), PublishedEvent(AnnouncementsRequested.self),
        PublishedEvent(ReplayRequested.self), PublishedEvent(ReplayCompleted.self), PublishedEvent(TenantRestored.self),
    ]

    static let types = Set(all.map(\.name.type))
}
