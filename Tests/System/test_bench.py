"""What the benchmark compares bookings with is what Booking asks of PostgreSQL."""

from bench import sql
from bench.place import Place

from suite.people import Installation


def test_the_script_of_the_benchmark_has_the_statements_of_a_booking(installation: Installation):
    place = Place.open(installation)
    place.book_one()
    sql.require_equivalence("booking.sql", "idempotency_key", place.book_one)
