import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService
@testable import ServiceHost

@Suite("A new key in the ring")
struct KeyChangeTests {
    private static let old = "test:\(Data(repeating: 1, count: 32).base64EncodedString())"
    private static let new = "2027:\(Data(repeating: 9, count: 32).base64EncodedString())"

    @Test("takes over everything that the old key encrypted, so that the old one can go")
    func change() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                @EventLoop func with(
                    _ ring: String, _ body: @EventLoop (ClinicFixture) async throws -> Void
                ) async throws {
                    let service = try await RunningService<BookingService>.start(
                        database, broker, ["GUICHET_KEYRING": ring])
                    try await service.announce([ClinicFixture.tenant])
                    try await body(ClinicFixture(service: service))
                    try await service.stop()
                }
                var patients: [PatientID] = []
                try await with(Self.old) { clinic in
                    for number in 0..<3 {
                        patients.append(try await clinic.register("Patient \(number)", phone: "+21355123450\(number)"))
                    }
                }
                try await with("\(Self.new),\(Self.old)") { clinic in
                    patients.append(try await clinic.register("Nadia", phone: "+213551234509"))
                    let erased = try await clinic.ask("DELETE", "/api/patients/\(patients[0])", as: .admin)
                    #expect(erased.status == 200)
                    let renewal = Reencryption(
                        platform: clinic.service.host.platform, columns: BookingService.encryptedColumns)
                    #expect(try await renewal() == 2)
                    #expect(try await renewal() == 0)
                }
                try await with(Self.new) { clinic in
                    for (patient, name) in zip(patients.dropFirst(), ["Patient 1", "Patient 2", "Nadia"]) {
                        let read = try await clinic.ask("GET", "/api/patients/\(patient)", as: .staff)
                        #expect(read.status == 200 && read.text.contains(name), "\(read.text)")
                    }
                }
            }
        }
    }
}
