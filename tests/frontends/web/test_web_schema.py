"""The API held against its own description by schemathesis: made-up requests, good and bad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_running import running, with_web

from sourcebot.frontends.web.openapi import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Project
    from schemathesis import Case

    from sourcebot.answering.service import Service

schema = schemathesis.openapi.from_dict(document())


@pytest.fixture(scope="module")
def address(
    web_project: Project, web_service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The running server."""
    config = with_web(web_project.config, tmp_path_factory.mktemp("answers") / "web.sqlite")
    with running(config, web_service) as served:
        yield served


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_undocumented(case: Case[Any], address: str) -> None:
    """No request is answered with a server error, or otherwise than the description says."""
    case.call_and_validate(
        base_url=address,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            response_schema_conformance,
        ],
    )
