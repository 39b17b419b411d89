"""The clients that openapi-generator generates for Python."""

import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

from clients.visit import Appointment, Refusal, plain

from suite import stack


def generate(document: Path, service: str, folder: Path) -> None:
    subprocess.run(
        [Path(sys.executable).parent / "openapi-generator-cli", "generate", "-i", document, "-g", "python",
         "-o", folder, "--package-name", f"{service}_generated"], check=True, capture_output=True, text=True)


class GeneratedClient:
    """Booking's client, once Identity's has logged in."""

    def __init__(self) -> None:
        self._token = ""

    def log_in(self, tenant: str, email: str, password: str) -> None:
        identity = import_module("identity_generated")
        answer = self._api(identity, "AuthenticationApi").log_in(
            identity.LoginRequest(tenant=tenant, email=email, password=password))
        self._token = answer.tokens.access_token

    def free_slot(self, care: str, begin: datetime, end: datetime) -> tuple[datetime, UUID]:
        found = self._api(self._booking(), "SlotsApi").find_slots(care_type=care, var_from=begin, to=end, limit=1)
        return found.slots[0].start, found.slots[0].practitioner.id

    def book(self, care: str, start: datetime, practitioner: UUID, key: str) -> Appointment | Refusal:
        booking = self._booking()
        body = booking.BookingInput(
            care_type=care, start=start, practitioner=practitioner,
            patient=booking.PatientInput(name="Amina Kaci", phone="+213550123456"))
        try:
            return self._appointment(self._appointments().book_appointment_with_http_info(
                idempotency_key=key, booking_input=body))
        except import_module("booking_generated.exceptions").ConflictException as conflict:
            refused = conflict.data.actual_instance
            assert isinstance(refused, booking.SlotRefusedProblem), conflict
            return Refusal(plain(refused.code), [slot.start for slot in refused.alternatives])

    def reschedule(self, appointment: Appointment, start: datetime, key: str) -> Appointment:
        return self._appointment(self._appointments().change_appointment_with_http_info(
            id=appointment.id, if_match=appointment.tag, idempotency_key=key,
            change_input=self._booking().ChangeInput(start=start)))

    def cancel(self, appointment: Appointment) -> Appointment:
        return self._appointment(self._appointments().cancel_appointment_with_http_info(
            id=appointment.id, if_match=appointment.tag))

    def _booking(self):
        return import_module("booking_generated")

    def _appointments(self):
        return self._api(self._booking(), "AppointmentsApi")

    def _api(self, package, name: str):
        configuration = package.Configuration(
            host=stack.GATEWAY, ssl_ca_cert=stack.AUTHORITY, access_token=self._token or None)
        return getattr(package, name)(package.ApiClient(configuration))

    def _appointment(self, answer) -> Appointment:
        fields = {name.lower(): value for name, value in answer.headers.items()}
        return Appointment(answer.data.id, plain(answer.data.status), answer.data.start, fields["etag"])
