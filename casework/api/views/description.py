"""The description itself: for machines as OpenAPI, for people as a page made of it."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.access.machines import SCOPES
from casework.api.problems import KINDS
from casework.api.routes import ABOUT, described


@cache
def written() -> bytes:
    """The same bytes for everybody; it changes with the code alone."""
    return (json.dumps(described(), ensure_ascii=False, indent=1) + "\n").encode()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(written(), content_type="application/json")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every address with its scope, what it takes and what it answers."""
    found = json.loads(written())
    context = {
        "section": "api",
        "about": ABOUT.replace("`", ""),
        "scopes": [(scope.value, row) for scope, row in SCOPES.items()],
        "operations": [
            {
                "path": path,
                "method": method.upper(),
                "summary": operation["summary"],
                "description": operation.get("description", "").replace("`", ""),
                "id": operation["operationId"],
                "scope": operation["x-scope"],
                "parameters": [_parameter(each) for each in operation.get("parameters", ())],
                "body": _named(operation.get("requestBody", {}).get("content", {}).get("application/json", {})),
                "answers": [
                    (code, answer["description"], _named(next(iter(answer.get("content", {}).values()), {})))
                    for code, answer in operation["responses"].items()
                ],
            }
            for path, methods in found["paths"].items()
            for method, operation in methods.items()
        ],
        "schemas": [
            (name, schema.get("description", ""), [_member(schema, each) for each in schema.get("properties", {})])
            for name, schema in sorted(found["components"]["schemas"].items())
            if "properties" in schema
        ],
        "problems": [(kind, status, title) for kind, (status, title) in KINDS.items()],
    }
    return render(request, "api/docs.html", context)


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": parameter.get("required", False),
        "description": parameter.get("description") or parameter["schema"].get("description", ""),
        "type": _type(parameter["schema"]),
    }


def _member(schema: dict[str, Any], name: str) -> dict[str, Any]:
    member = schema["properties"][name]
    return {
        "name": name,
        "type": _type(member),
        "required": name in schema.get("required", ()),
        "description": member.get("description", ""),
    }


def _named(content: dict[str, Any]) -> str:
    return _type(content.get("schema", {})) if content else ""


def _type(schema: dict[str, Any]) -> str:  # noqa: PLR0911 - one a kind of type
    """A type in a few characters."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in schema["enum"])
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return " | ".join(_type(each) for each in schema[key])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{…: {_type(schema['additionalProperties'])}}}"
    return str(schema.get("format") or schema.get("type") or "…")
