"""Twenty thousand cases against the interface of a served demonstration city: no failure of the server, no breach of its schema.

    python tools/drill_api.py                       # on SQLite
    python tools/with_postgres.py -- python tools/drill_api.py

Schemathesis makes the cases from /api/v1/openapi.json, right and wrong ones, for a coordinator, the head of a unit, a
liaison officer and an administrator. ``GUANTONG_DRILL_CASES`` says how many at least.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CASES = int(os.environ.get("GUANTONG_DRILL_CASES", "20000"))
SEED = os.environ.get("GUANTONG_DRILL_SEED", "20260301")
ROLES = ("coordinator", "unit_head", "liaison", "commissioner", "system_admin")
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "allow_header_conformance", "ignored_auth",
)  # fmt: skip
BIN = Path(sys.executable).parent


def prepare() -> dict[str, str]:
    """The demonstration city, and a token for somebody of each role."""
    for each in (["migrate"], ["load-demo"]):
        subprocess.run([BIN / "guantong", *each], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    from guantong.accounts.acting import Acting
    from guantong.accounts.models import Holding
    from guantong.api.operations.tokens import make_token, offered_to
    from guantong.kernel import clock

    now, tokens = clock.now(), {}
    for role in ROLES:
        held = Holding.objects.on(clock.today(now)).filter(office__role=role, person__is_active=True)
        holding = held.select_related("office__unit", "office__scope", "person").order_by("pk").first()
        if holding is None:
            continue
        made = make_token(
            office=holding.office, name="drill", functions=offered_to(holding.office), read_only=False,
            expires_on=clock.today(now) + dt.timedelta(days=2), actor=Acting(holding.person, holding.office), now=now,
        )  # fmt: skip
        tokens[role] = made.secret
    return tokens


@contextmanager
def served() -> Iterator[str]:
    """The program on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Path(os.environ["GUANTONG_HOME"], "served.log").open("wb") as log:
        program = subprocess.Popen([BIN / "guantong", "serve", "--port", str(port)], stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        for _each in range(120):
            time.sleep(0.5)
            try:
                urllib.request.urlopen(f"{base}/healthz", timeout=2).close()  # noqa: S310 - our own server
                break
            except OSError:
                continue
        yield base
    finally:
        program.terminate()
        program.wait(timeout=30)


def drill(base: str, role: str, token: str, *, each: int) -> tuple[int, bool]:
    """(how many cases, whether all of them went well)."""
    ran = subprocess.run(
        [
            BIN / "schemathesis", "run", f"{base}/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}",
            "-n", str(each), "--checks", ",".join(CHECKS), "--seed", SEED, "--phases", "coverage,fuzzing",
            "--continue-on-failure", "--no-shrink", "-w", "2", "--request-timeout", "30", "--warnings", "off",
            "--suppress-health-check", "all",
        ],
        capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1", "SCHEMATHESIS_HOOKS": ""},
    )  # fmt: skip
    counted = {
        name: int(n.replace(",", "")) for n, name in re.findall(r"([\d,]+) (generated|passed)", ran.stdout)
    }
    cases = counted.get("generated", 0)
    # a break-off of the maker of cases itself is no answer of the interface; it is shown, and the rest counts
    well = ran.returncode == 0 or ("FAILURES" not in ran.stdout and cases == counted.get("passed") != 0)
    print(f"{role}: {cases} cases, {'well' if well else 'NOT well'}, exit {ran.returncode}", flush=True)
    if ran.returncode:
        print(ran.stdout[-4_000:], ran.stderr[-3_000:], flush=True)
    return cases, well


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guantong-drill-") as home:
        os.environ |= {"GUANTONG_HOME": home, "GUANTONG_DEMO": "1", "GUANTONG_API_PER_MINUTE": "0",
                       "GUANTONG_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "guantong.config.settings"}  # fmt: skip
        tokens = prepare()
        done, well = 0, True
        began = time.monotonic()
        with served() as base:
            while done < CASES and well:
                left = CASES - done
                for role, token in tokens.items():
                    cases, fine = drill(base, role, token, each=max(5, min(150, left // 190)))
                    done, well = done + cases, well and fine and cases > 0
        print(f"{done} cases in {time.monotonic() - began:.0f} s: {'all well' if well else 'NOT well'}")
    return 0 if well and done >= CASES else 1


if __name__ == "__main__":
    sys.exit(main())
