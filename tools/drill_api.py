"""Twenty thousand cases against the interface of a served demonstration city: no failure of the server, no breach of its schema.

    python tools/drill_api.py                       # on SQLite
    python tools/with_postgres.py -- python tools/drill_api.py

Schemathesis makes the cases from /api/v1/openapi.json, right and wrong ones, for a coordinator, the head of a unit, a
liaison officer, a commissioner and an administrator. ``GUANTONG_DRILL_CASES`` says how many at least. Where the maker
of cases itself breaks off, the role is asked anew with another seed, and the summary says so.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CASES = int(os.environ.get("GUANTONG_DRILL_CASES", "20000"))
SEED = int(os.environ.get("GUANTONG_DRILL_SEED", "20260301"))
TRIES = 3  # of one role, each with another seed, while the maker of cases breaks off
ROLES = ("coordinator", "unit_head", "liaison", "commissioner", "system_admin")
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "allow_header_conformance",
)  # fmt: skip
OF_ONE_ROLE = ("ignored_auth",)  # asks every case twice more, without a token and with a wrong one
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


@dataclass(frozen=True)
class Ran:
    """One run of the maker of cases for one role: how many, whether all went well, whether it came to its end."""

    cases: int
    well: bool
    ended: bool
    said: str


def drill(base: str, token: str, *, checks: Sequence[str], each: int, seed: int) -> Ran:
    """``each`` cases for every operation besides those at the edges of what its schema allows.

    By one thread: two that describe their cases at once break off in the parser of CPython before 3.11.8 and 3.12.2
    ("AST constructor recursion depth mismatch", python/cpython#106905). Two roles run beside each other instead.
    """
    ran = subprocess.run(
        [
            BIN / "schemathesis", "run", f"{base}/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}",
            "-n", str(each), "--checks", ",".join(checks), "--seed", str(seed), "--phases", "coverage,fuzzing",
            "--continue-on-failure", "--no-shrink", "-w", "1", "--request-timeout", "30", "--warnings", "off",
            "--suppress-health-check", "all",
        ],
        capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1", "SCHEMATHESIS_HOOKS": ""},
    )  # fmt: skip
    counted = {
        name: int(n.replace(",", "")) for n, name in re.findall(r"([\d,]+) (generated|passed)", ran.stdout)
    }
    cases = counted.get("generated", 0)
    failed = "FAILURES" in ran.stdout or (ran.returncode == 0 and not cases)
    return Ran(cases, not failed, failed or ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-3_000:])


def drill_role(base: str, role: str, token: str, *, each: int) -> Ran:
    """The role with the seed; with others where the maker of cases broke off, which is no answer of the interface."""
    checks = CHECKS + (OF_ONE_ROLE if role == ROLES[0] else ())
    for seed in range(SEED, SEED + TRIES):
        began = time.monotonic()
        ran = drill(base, token, checks=checks, each=each, seed=seed)
        how = "NOT well" if not ran.well else "well" if ran.ended else "the maker of cases broke off"
        took = time.monotonic() - began
        print(f"{role}: {ran.cases} cases, {how}, seed {seed}, {took:.0f} s", flush=True)
        if not ran.well or not ran.ended:
            print(ran.said, flush=True)
        if ran.ended:
            break
    return ran


def operations_of(base: str) -> int:
    with urllib.request.urlopen(f"{base}/api/v1/openapi.json", timeout=30) as told:  # noqa: S310 - our own server
        paths = json.load(told)["paths"].values()
    return sum(name != "parameters" for path in paths for name in path)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guantong-drill-") as home:
        os.environ |= {"GUANTONG_HOME": home, "GUANTONG_DEMO": "1", "GUANTONG_API_PER_MINUTE": "0",
                       "GUANTONG_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "guantong.config.settings"}  # fmt: skip
        tokens = prepare()
        by_role = dict.fromkeys(tokens, 0)
        well = True
        began = time.monotonic()
        with served() as base:
            operations = operations_of(base)
            while sum(by_role.values()) < CASES and well:
                left = CASES - sum(by_role.values())
                # those at the edges are about five times as many
                each = max(5, min(150, left // (operations * len(tokens) * 4)))
                with ThreadPoolExecutor(max_workers=2) as two:
                    runs = {
                        role: two.submit(drill_role, base, role, token, each=each)
                        for role, token in tokens.items()
                    }
                for role, run in runs.items():
                    by_role[role] += run.result().cases
                    well = well and run.result().well and run.result().ended
        done, took = sum(by_role.values()), time.monotonic() - began
        print(
            f"{by_role}: {done} cases of {operations} operations in {took:.0f} s: {'all well' if well else 'NOT well'}"
        )
        if not well:
            print(Path(home, "served.log").read_text(errors="replace")[-8_000:])
    return 0 if well and done >= CASES else 1


if __name__ == "__main__":
    sys.exit(main())
