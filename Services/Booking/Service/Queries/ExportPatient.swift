import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Everything that is stored about a patient, in one document.
@EventLoop
struct ExportPatient {
    let context: ServiceContext
    let catalogs: ClinicCatalogs
    let patients: PatientRecords

    init(_ context: ServiceContext, _ catalogs: ClinicCatalogs, _ patients: PatientRecords) {
        (self.context, self.catalogs, self.patients) = (context, catalogs, patients)
    }

    func callAsFunction(
        _ id: Identifier<Patient>, in tenant: TenantStore, by caller: Caller
    ) async throws -> PatientExport {
        let (_, found, version, consents, appointments, histories, accesses) = try await tenant.data.ask(
            .run(AccessAudit.record(.export, by: caller, where: PatientRecords.visible(id, to: caller))),
            patients.find(id, for: caller, in: tenant.tenant.slug), CalendarTables.version,
            Consents.find(id, for: caller),
            StoredAppointment.find(of: id, visibleTo: caller), AppointmentHistory.find(of: id),
            AccessAudit.find(id, for: caller))
        guard let found else { throw NotFound() }
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        return PatientExport(
            exportedAt: context.now, patient: found.view,
            consents: consents.map(ConsentView.init),
            appointments: appointments.map { stored in
                .init(
                    appointment: AppointmentView(stored, catalog),
                    history: histories[stored.appointment.id] ?? AppointmentHistory(changes: []))
            },
            accesses: accesses)
    }
}
