"""The API described in OpenAPI 3.1, from the models that it works with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sourcebot import __version__
from sourcebot.frontends.web import models
from sourcebot.render.claim_schema import CheckModel
from sourcebot.render.timeline_schema import TimelineModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

_REFERENCE = "#/components/schemas/{model}"
_PROBLEMS = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "The token does not allow it",
    404: "There is none, or not for this token",
    408: "The request came too slowly",
    409: "The index is being built",
    413: "The request is too large",
    415: "The request is not JSON",
    421: "The server is not reached by this name",
    422: "The request cannot be used",
    429: "Too many questions a minute; Retry-After says when to come again",
    503: "Busy, or the index cannot be used; Retry-After says when to come again",
}
_GOOD = {200: "Done", 201: "Made", 202: "Begun"}
_ALWAYS = {400, 401, 403, 421, 422, 503}
_WITH_BODY = {408, 413, 415}
_IDS = {
    "answers": "The id of the answer",
    "followed": "The number of the question",
    "models": "The name of the model",
    "sources": "The file, below the sources",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be done with an address.

    Attributes:
        path: with parameters in braces.
        method: in small letters.
        name: unique.
        summary: a sentence.
        scope: that a token must have, or "" when none is needed.
        gives: what a good answer holds; its status is ``status``.
        query: the parameters of the address.
        takes: the body.
        more: statuses besides the usual ones.
    """

    path: str
    method: str
    name: str
    summary: str
    scope: str
    gives: type[BaseModel]
    status: int = 200
    query: type[BaseModel] | None = None
    takes: type[BaseModel] | None = None
    more: tuple[int, ...] = ()


OPERATIONS = (
    Operation(
        "/v1/ask", "post", "ask", "Answer a question with quotes, or say why there are none.",
        "ask", models.AskedModel, takes=models.AskModel, more=(429,),
    ),
    Operation(
        "/v1/ask", "get", "askByAddress", "The same, with the question in the address.",
        "ask", models.AskedModel, query=models.AskQuery, more=(429,),
    ),
    Operation(
        "/v1/check", "post", "check", "Say what the articles say of a claim.",
        "ask", CheckModel, takes=models.ClaimModel, more=(429,),
    ),
    Operation(
        "/v1/timeline", "post", "timeline", "List what the articles date of a topic, in order.",
        "ask", TimelineModel, takes=models.TopicModel, more=(429,),
    ),
    Operation(
        "/v1/followed", "get", "followed",
        "List the questions that are asked again at each index, and what is new about them.",
        "ask", models.FollowedList,
    ),
    Operation(
        "/v1/followed", "post", "follow", "Ask a question again at each index.",
        "ask", models.FollowedModel, status=201, takes=models.FollowModel, more=(429,),
    ),
    Operation(
        "/v1/followed/{id}", "patch", "changeFollowed",
        "Mute a followed question, or forget what is new about it.",
        "ask", models.FollowedModel, takes=models.FollowChange, more=(404,),
    ),
    Operation(
        "/v1/followed/{id}", "delete", "endFollowed", "Follow a question no longer.",
        "ask", models.FollowedModel, more=(404, 413),
    ),
    Operation(
        "/v1/answers/{id}", "get", "answer",
        "Give an answer as it was given, and say what became of its quotes.",
        "read", models.GivenModel, more=(404,),
    ),
    Operation(
        "/v1/verify", "post", "verify", "Say what became of the quotes of a reply.",
        "read", models.VerifiedModel, takes=models.VerifyModel,
    ),
    Operation(
        "/v1/sources", "get", "sources", "List the articles.",
        "read", models.SourcesModel, query=models.ListQuery,
    ),
    Operation(
        "/v1/sources/{id}", "get", "source", "Give an article and a part of its text.",
        "read", models.ArticleModel, query=models.RangeQuery, more=(404,),
    ),
    Operation(
        "/v1/index", "get", "index", "Say what the index holds.", "read", models.IndexModel
    ),
    Operation(
        "/v1/index", "post", "startIndex",
        "Bring the index up to date; answers go on from the old one meanwhile.",
        "admin", models.IndexModel, status=202, more=(409, 413),
    ),
    Operation(
        "/v1/models", "get", "models", "Name the one model that chat programs can choose.",
        "ask", models.ModelList,
    ),
    Operation(
        "/v1/models/{id}", "get", "model", "Describe that model.", "ask", models.ModelCard,
        more=(404,),
    ),
    Operation(
        "/v1/chat/completions", "post", "chat",
        "Answer the last message of the user, which may refer to those before it, in the shape of"
        " OpenAI's chat completions.",
        "ask", models.ChatCompletion, takes=models.ChatModel, more=(429,),
    ),
)  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """Return the description of the API."""
    given: list[type[BaseModel]] = [models.Problem, *dict.fromkeys(o.gives for o in OPERATIONS)]
    taken = list(dict.fromkeys(o.takes for o in OPERATIONS if o.takes))
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(m, "serialization") for m in given]
    wanted += [(m, "validation") for m in taken]
    _, schemas = models_json_schema(wanted, ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sourcebot",
            "version": __version__,
            "summary": "Verbatim quotes that answer a question, each with its source.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _described(operation: Operation) -> dict[str, Any]:
    problems = _ALWAYS | set(operation.more) | (_WITH_BODY if operation.takes else set())
    good: dict[str, Any] = {
        "description": _GOOD[operation.status],
        "content": {"application/json": {"schema": _reference(operation.gives)}},
    }
    if operation.gives is models.ChatCompletion:
        good["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope}`.",
        "parameters": [*_path_parameters(operation), *_query_parameters(operation.query)],
        "responses": {
            str(operation.status): good,
            **{str(status): _problem(status) for status in sorted(problems)},
        },
    }
    if operation.takes:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(operation.takes)}},
        }
    return described


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _problem(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": _PROBLEMS[status],
        "content": {"application/problem+json": {"schema": _reference(models.Problem)}},
    }
    if status in {429, 503}:
        seconds = {"type": "integer", "minimum": 1}
        found["headers"] = {"Retry-After": {"description": "Seconds", "schema": seconds}}
    return found


def _path_parameters(operation: Operation) -> list[Mapping[str, Any]]:
    if "{id}" not in operation.path:
        return []
    what = next(text for part, text in _IDS.items() if part in operation.path)
    return [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": what,
            "schema": {"type": "string", "minLength": 1},
        }
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[Mapping[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=_REFERENCE)
    required = set(schema.get("required", ()))
    found: list[Mapping[str, Any]] = []
    for name, value in schema["properties"].items():
        shape = {k: v for k, v in value.items() if k not in {"title", "description", "default"}}
        if alternatives := shape.pop("anyOf", None):
            # In an address nothing stands for null: the parameter is left out.
            shape |= next(a for a in alternatives if a.get("type") != "null")
        found.append(
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "description": value.get("description", ""),
                "schema": shape,
            }
        )
    return found
