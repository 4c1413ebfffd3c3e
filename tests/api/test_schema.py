"""The document says what the interface does: made-up requests, right and wrong, never break it or its schema.

A short form with a fixed seed; ``make drill-api`` asks twenty thousand cases of a served demonstration city.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from api.calling import token_for
from conftest import City, undone

EACH = 3  # cases for every operation
ASKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method",
)  # fmt: skip
QUICK = settings(
    max_examples=EACH, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def told() -> dict[str, Any]:
    return dict(json.loads(Client().get("/api/v1/openapi.json").content))


def test_the_document_stands_on_its_own(told: dict[str, Any]) -> None:
    operations = [
        each for path in told["paths"].values() for name, each in path.items() if name != "parameters"
    ]
    assert len({each["operationId"] for each in operations}) == len(operations)
    assert all(each["summary"] and each["responses"] for each in operations)
    text = json.dumps(told)
    for name in told["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, name


def test_no_shape_has_a_field_for_what_is_never_kept(told: dict[str, Any]) -> None:
    from guantong.kernel.privacy import never_asked

    fields = {name for each in told["components"]["schemas"].values() for name in each["properties"]}
    assert {name for name in fields if never_asked(name)} == set()
    assert not fields & {"contact", "applicant", "phone", "sign_in", "display_name"}


@pytest.fixture
def kept_connections() -> Iterator[None]:
    """The program is called as a server calls it, and would close the connection of the test after each request."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield
    for each in signals:
        each.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connections")
@pytest.mark.parametrize(
    ("seat", "mode"),
    [
        (("1506-LGO", "coordinator"), GenerationMode.POSITIVE),
        (("150602001001", "liaison"), GenerationMode.POSITIVE),
        (("1506-MU-01", "unit_head"), GenerationMode.NEGATIVE),
    ],
)
def test_made_up_requests_break_nothing(signed: City, seat: tuple[str, str], mode: GenerationMode) -> None:
    headers = {"Authorization": f"Bearer {token_for(signed.acting(*seat))[1]}"}
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in ASKED]
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @QUICK
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            with undone():
                answer = case.call(headers=headers)
                case.validate_response(answer, checks=checks, headers=headers)

        with contextlib.suppress(Unsatisfiable):  # an address without parameters cannot be asked wrongly
            ask()
    assert asked > 90
