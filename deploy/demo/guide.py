"""What the demo says last: where everything is, and how to log in."""

from urllib.parse import urlsplit

from demo import kept
from demo.people import OPERATOR
from suite import stack


def say_where_to_look(clinic):
    broker = urlsplit(stack.ENVIRONMENT["GUICHET_TEST_AMQP_MANAGEMENT_URL"])
    print(f"""
The suite goes on running (make down stops it).

  Gateway       {stack.GATEWAY}   (authority: {stack.AUTHORITY})
  Documentation {stack.GATEWAY}/docs
  OpenAPI       {stack.GATEWAY}/openapi/NAME.json of {', '.join(stack.services())}
  Search        GET /api/availability/search?place={clinic.city}&careType=…&from=…&to=…   (without a token)
  Directories   GET /api/availability/$bulk-publish   (SMART Scheduling Links, without a token)
  Publication   GET /api/availability/status, /publications?day=…, /anomalies   (administrator or manager)
  Live updates  {stack.GATEWAY}/socket.io/, /ws, /api/realtime/events   (docs/realtime.md)
  Metrics       {stack.ENVIRONMENT["GUICHET_GATEWAY_METRICS_URL"]}, and /metrics of every replica (.local/env)
  Messages      http://{broker.hostname}:{broker.port}   (guichet, {stack.ROOT}/.local/secrets/rabbitmq-guichet)
  Status        make status
  Logs          make logs NAME=booking-1

  Log in        POST /api/auth/login {{"tenant", "email", "password", "code"}}
                operator       {stack.PLATFORM}, {OPERATOR}
                administrator  {clinic.slug}, {clinic.email('admin')}
                manager        {clinic.slug}, {clinic.email('manager')} (without a code)
                counter        {clinic.slug}, {clinic.email('staff')} (without a code)
                patient        {clinic.slug}, {clinic.email('patient')} (without a code)
  Password      the same for all: {kept.file('password')}
  Code          deploy/demo/code {stack.PLATFORM}, deploy/demo/code {clinic.slug}
  Subscriber    user sub-{clinic.slug}, password {kept.file(f'subscriber-{clinic.slug}')}""")
