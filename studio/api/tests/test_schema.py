"""The OpenAPI document is valid, and a fuzzer that reads it finds no server error."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import openapi

from media_pipeline.runs import transport
from studio.api.models import issue_token
from studio.editorial.tests.conftest import build_world, person
from studio.wsgi import application

EXAMPLES = 12
"""Requests made up for each operation: about a minute for the whole API."""


def document():
    out = io.StringIO()
    call_command("spectacular", "--format", "openapi-json", "--validate", "--fail-on-warn", stdout=out)
    return json.loads(out.getvalue())


def test_the_document_is_valid_and_names_every_address(db):
    found = document()
    assert found["openapi"].startswith("3.")
    assert {"/api/v1/scenes/", "/api/v1/projects/{slug}/produce/", "/api/v1/takes/{id}/review/"} & found["paths"].keys()
    assert not any(path.startswith("/admin") for path in found["paths"])


def server_errors(operation, headers):
    """What a fuzzer sent to one operation that was answered with a server error."""
    failures = []

    @settings(
        max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case):
        with transport.in_process():
            answer = case.call(headers=headers)
        if answer.status_code >= 500:
            failures.append((operation.label, answer.status_code, case.body, case.query, case.path_parameters))

    ask()
    return failures


@pytest.mark.slow
def test_a_fuzzer_finds_no_server_error(transactional_db, settings_without_limits):
    owner = person("fuzzed")
    owner.is_superuser = True
    owner.save()
    build_world("Lanternfish", "LANT", owner)
    _, secret = issue_token(owner, "fuzzer", [*document_scopes()])
    schema = openapi.from_wsgi("/api/v1/schema/?format=json", application)
    failures = []

    for found in schema.get_all_operations():
        operation = found.ok()
        if not operation.path.startswith(("/api/v1/auth/", "/api/v1/me/tokens")):
            failures += server_errors(operation, {"Authorization": f"Bearer {secret}", "If-Match": "*"})
    assert failures == []


def document_scopes():
    from studio.api.access import SCOPES

    return SCOPES


@pytest.fixture
def settings_without_limits(settings):
    limits = {"DEFAULT_THROTTLE_RATES": dict.fromkeys(("user", "anon", "login")), "DEFAULT_THROTTLE_CLASSES": []}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | limits
