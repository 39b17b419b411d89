"""One-time codes as an authenticator application shows them (RFC 6238: SHA-1, six digits, 30 seconds).

`python -m suite.one_time FILE` prints the current code of the secret in a file.
"""

import base64
import hashlib
import hmac
import struct
import sys
import time
from pathlib import Path

STEP_SECONDS = 30


def code(secret: str, moment: float | None = None) -> str:
    """The code of a Base32 secret at `moment`, in seconds since 1970; default: now."""
    padded = secret + "=" * (-len(secret) % 8)
    counter = int(time.time() if moment is None else moment) // STEP_SECONDS
    digest = hmac.new(base64.b32decode(padded), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def wait_for_next_step() -> None:
    """A code is accepted once: the next code comes with the next step."""
    time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 0.2)


if __name__ == "__main__":
    print(code(Path(sys.argv[1]).read_text().strip()))
