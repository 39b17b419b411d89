"""The suite of this checkout as the outside sees it: HTTP through the gateway, with SQL and AMQP as witnesses."""
