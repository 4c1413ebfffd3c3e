"""Asks the web server on this machine whether it answers: ``python -m guantong.config.alive``. For health checks.

Needs no database and no settings but two variables, so that it stays quick.
"""

from __future__ import annotations

import http.client
import os
import sys

PORT = 8000


def host_served() -> str:
    """A name that the application answers to: the first of those allowed."""
    first = os.environ.get("GUANTONG_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "localhost"


def is_alive(port: int = PORT) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_served()})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(sys.argv[1]) if len(sys.argv) > 1 else PORT) else 1)
