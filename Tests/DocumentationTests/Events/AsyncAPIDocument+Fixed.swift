/// The parts that do not depend on the events.
extension AsyncAPIDocument {
    static let head = """
        asyncapi: 3.0.0
        # Written by `make docs` from Shared/GuichetProtocol. docs/events.md says what readers can rely on.
        info:
          title: Guichet, events
          version: "1"
          description: >-
            CloudEvents 1.0 in structured JSON on one topic exchange of RabbitMQ. Delivery is at least once and in order per
            aggregate; a reader recognises repetitions by the version in `sequence`.
          license:
            name: Apache-2.0
            url: https://www.apache.org/licenses/LICENSE-2.0
        defaultContentType: application/cloudevents+json; charset=utf-8

        servers:
          rabbitmq:
            host: localhost:5672
            pathname: /guichet
            protocol: amqp
            protocolVersion: 0-9-1
            description: RabbitMQ 3.10 or later, with a user for each service and each subscriber.
            security:
              - $ref: "#/components/securitySchemes/login"

        """

    static let components = """
        components:
          securitySchemes:
            login:
              type: userPassword

          parameters:
            tenant:
              description: The slug of the tenant that the event belongs to; `guichet` for events of the installation itself.
            shard:
              description: FNV-1a (64 bits) of `partitionkey`, modulo 4.
              enum: ["0", "1", "2", "3"]

          channelBindings:
            events:
              amqp:
                is: routingKey
                exchange:
                  name: guichet.events
                  type: topic
                  durable: true
                  autoDelete: false
                  vhost: guichet
                bindingVersion: 0.3.0

          operationBindings:
            persistent:
              amqp:
                deliveryMode: 2
                mandatory: true
                timestamp: true
                bindingVersion: 0.3.0

          messageTraits:
            event:
              contentType: application/cloudevents+json; charset=utf-8
              headers: { $ref: "#/components/schemas/Headers" }
              correlationId:
                location: $message.header#/cloudEvents_correlationid

        """

    static let scalars = #"""
          schemas:
            Id:
              type: string
              format: uuid
              pattern: "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"
              description: A UUID in lower case.
            Slug:
              type: string
              pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
              maxLength: 40
              description: A name of lower-case letters, digits and hyphens.
            Instant:
              type: string
              format: date-time
              description: A time in UTC, with up to microseconds.
            Day:
              type: string
              format: date
              description: A day on the calendar of the clinic.
            MinuteOfDay:
              type: string
              pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
              description: A time on the clock of the clinic.

        """#
}
