"""What the demo says last: where to look, and how to log in."""

from urllib.parse import urlsplit

from people import OPERATOR


def say_where_to_look(installation, clinic):
    secrets, broker = installation.state / "secrets", urlsplit(installation.broker_management)
    print(f"""
La suite reste en marche (make down l’arrête).

  Entrée        {installation.gateway}   (autorité : {installation.state / 'tls/ca.pem'})
  OpenAPI       {installation.gateway}/openapi/identity.json, booking.json et availability.json
  Recherche     GET /api/availability/search?place={clinic.city}&careType=…&from=…&to=…   (sans jeton)
  Annuaires     GET /api/availability/$bulk-publish   (SMART Scheduling Links, sans jeton)
  Publication   GET /api/availability/status, /publications?day=…, /anomalies   (direction ou gestion)
  Métriques     {installation.metrics}, et /metrics de chaque réplique (.local/env)
  Messages      http://{broker.hostname}:{broker.port}   (guichet, {secrets / 'rabbitmq-guichet'})
  État          make status
  Journaux      make logs NAME=booking-1

  Se connecter  POST /api/auth/login {{"tenant", "email", "password", "code"}}
                exploitant     guichet, {OPERATOR}
                direction      {clinic.slug}, {clinic.email('admin')}
                gestion        {clinic.slug}, {clinic.email('manager')} (sans code)
                accueil        {clinic.slug}, {clinic.email('staff')} (sans code)
                patient        {clinic.slug}, {clinic.email('patient')} (sans code)
  Mot de passe  le même pour tous : {secrets / 'demo-password'}
  Code          deploy/demo/code guichet, deploy/demo/code {clinic.slug}
  Abonné        utilisateur sub-{clinic.slug}, mot de passe {secrets / f'demo-subscriber-{clinic.slug}'}""")
