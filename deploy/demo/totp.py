"""One-time codes as an authenticator application shows them (RFC 6238: SHA-1, six digits, 30 seconds)."""

import base64
import hashlib
import hmac
import pathlib
import sys
import time

STEP = 30


def code(secret, now=None):
    """The code of the Base32 `secret` at `now`, in seconds since 1970."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = int(time.time() if now is None else now) // STEP
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def wait_for_next_step():
    """A code is good once: the next one comes with the next step."""
    time.sleep(STEP - time.time() % STEP + 0.2)


if __name__ == "__main__":
    print(code(pathlib.Path(sys.argv[1]).read_text().strip()))
