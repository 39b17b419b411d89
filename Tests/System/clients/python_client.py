"""The clients that openapi-python-client generates."""

import json
import ssl
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

from clients.visit import Appointment, Refusal, plain

from suite import stack

# The generator knows no media type but JSON, text and bytes. What it has written needs no formatting here.
_SETTINGS = {
    "content_type_overrides": {
        "application/fhir+ndjson": "text/plain", "image/png": "application/octet-stream", "image/svg+xml": "text/plain"},
    "post_hooks": []}

_TRUST = ssl.create_default_context(cafile=stack.AUTHORITY)


def generate(document: Path, service: str, folder: Path) -> None:
    settings = folder / "settings.json"
    settings.write_text(json.dumps(_SETTINGS))
    package = folder / f"{service}_python_client"
    subprocess.run(
        [Path(sys.executable).parent / "openapi-python-client", "generate", "--path", document, "--meta", "none",
         "--config", settings, "--output-path", package, "--fail-on-warning"], check=True, capture_output=True, text=True)


class PythonClient:
    """Booking's client, once Identity's has logged in."""

    def __init__(self) -> None:
        self._booking = None

    def log_in(self, tenant: str, email: str, password: str) -> None:
        identity, models = import_module("identity_python_client"), import_module("identity_python_client.models")
        operation = import_module("identity_python_client.api.authentication.log_in")
        client = identity.Client(base_url=stack.GATEWAY, verify_ssl=_TRUST)
        answer = operation.sync(
            client=client, body=models.LoginRequest(tenant=tenant, email=email, password=password))
        self._booking = import_module("booking_python_client").AuthenticatedClient(
            base_url=stack.GATEWAY, verify_ssl=_TRUST, token=answer.tokens.access_token)

    def free_slot(self, care: str, begin: datetime, end: datetime) -> tuple[datetime, UUID]:
        operation = import_module("booking_python_client.api.slots.find_slots")
        found = operation.sync(client=self._booking, care_type=self._models().CareType(care), from_=begin, to=end, limit=1)
        return found.slots[0].start, found.slots[0].practitioner.id

    def book(self, care: str, start: datetime, practitioner: UUID, key: str) -> Appointment | Refusal:
        models = self._models()
        body = models.BookingInput(
            care_type=models.CareType(care), start=start, practitioner=practitioner,
            patient=models.PatientInput(name="Amina Kaci", phone="+213550123456"))
        answer = self._operation("book_appointment").sync_detailed(
            client=self._booking, body=body, idempotency_key=key)
        if isinstance(answer.parsed, models.SlotRefusedProblem):
            return Refusal(plain(answer.parsed.code), [slot.start for slot in answer.parsed.alternatives])
        return self._appointment(answer)

    def reschedule(self, appointment: Appointment, start: datetime, key: str) -> Appointment:
        return self._appointment(self._operation("change_appointment").sync_detailed(
            id=appointment.id, client=self._booking, body=self._models().ChangeInput(start=start),
            if_match=appointment.tag, idempotency_key=key))

    def cancel(self, appointment: Appointment) -> Appointment:
        return self._appointment(self._operation("cancel_appointment").sync_detailed(
            id=appointment.id, client=self._booking, if_match=appointment.tag))

    def _operation(self, name: str):
        return import_module(f"booking_python_client.api.appointments.{name}")

    def _models(self):
        return import_module("booking_python_client.models")

    def _appointment(self, answer) -> Appointment:
        made = answer.parsed
        assert isinstance(made, self._models().AppointmentView), answer
        return Appointment(made.id, plain(made.status), made.start, answer.headers["etag"])
