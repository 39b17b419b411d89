"""The gateway's metrics as a witness."""

import re
import urllib.request

from suite import stack


def rerouted(service: str) -> int:
    """The number of requests that the gateway has sent to another replica because the first one did not answer."""
    with urllib.request.urlopen(stack.ENVIRONMENT["GUICHET_GATEWAY_METRICS_URL"], timeout=10) as exposition:
        found = re.search(
            rf'^haproxy_backend_redispatch_warnings_total{{proxy="{service}"}} (\d+)',
            exposition.read().decode(), re.MULTILINE)
    return int(found[1])
