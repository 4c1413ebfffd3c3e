"""The OpenAPI 3.1 document, made from the addresses themselves, in the language asked for."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from guantong.api.addresses import ADDRESSES
from guantong.api.contract.acts import Act, Download, Write
from guantong.api.contract.problems import CONTENT_TYPE, KINDS
from guantong.api.contract.schema import Schemas
from guantong.api.contract.uploads import FILE, MOST_FILES
from guantong.api.shapes.common import Problem
from guantong.api.shapes.terms import BIGGEST
from guantong.api.shapes.types import bare, fields_of, required_of

PLACE = re.compile(r"<int:(\w+)>")
Json = dict[str, Any]
EVERYWHERE: tuple[str, ...] = (
    "malformed",
    "token",
    "not-allowed",
    "not-found",
    "method",
    "too-many",
    "failed",
)
WRITING: tuple[str, ...] = ("changed", "too-large", "media-type", "refused", "read-only")
KEY = {"type": "string", "minLength": 8, "maxLength": 64, "pattern": r"^[\x21-\x7e]+$"}


def path_of(route: str) -> str:
    """``units/{pk}/`` for ``units/<int:pk>/``."""
    return PLACE.sub(r"{\1}", route)


def document() -> Json:
    """The whole document."""
    schemas = Schemas()
    paths = {f"/{path_of(route)}": _path(route, acts, schemas) for route, _name, acts in ADDRESSES}
    schemas.of(Problem)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("贯通接口"),
            "version": "1",
            "description": _("与网页相同的查询和操作。令牌在“我的账号与资料”里制作。"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.named,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {code: _problem(code) for code in KINDS},
        },
    }


def _path(route: str, acts: tuple[Act, ...], schemas: Schemas) -> Json:
    return {
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "integer", "format": "int64", "minimum": 1, "maximum": BIGGEST},
            }
            for name in PLACE.findall(route)
        ],
        **{act.method.lower(): _operation(route, act, schemas) for act in acts},
    }


def _operation(route: str, act: Act, schemas: Schemas) -> Json:
    told: Json = {
        "operationId": act.name,
        "summary": str(act.summary),
        "tags": [route.partition("/")[0]],
        "parameters": [*_query(act, schemas), *_headers(act)],
        "responses": _responses(act, schemas),
        "x-function": act.function,
    }
    if isinstance(act, Write):
        told["requestBody"] = {"required": True, "content": _bodies(act, schemas)}
    return told


def _bodies(act: Write, schemas: Schemas) -> Json:
    """JSON; and where files may come with it, a form with the same JSON in one part."""
    plain = schemas.of(act.body)
    bodies: Json = {"application/json": {"schema": plain}}
    if act.part_name:
        file = {"type": "string", "format": "binary"}
        form = {
            "type": "object",
            "properties": {
                act.part_name: plain,
                FILE: {"type": "array", "items": file, "minItems": 1, "maxItems": MOST_FILES},
            },
            "required": [act.part_name, FILE],
            "additionalProperties": False,
        }
        encoding = {
            act.part_name: {"contentType": "application/json"},
            FILE: {"contentType": "application/octet-stream"},
        }
        bodies["multipart/form-data"] = {"schema": form, "encoding": encoding}
    return bodies


def _query(act: Act, schemas: Schemas) -> list[Json]:
    found = []
    for name, hint in fields_of(act.query).items():
        schema = schemas.of(hint)
        if bare(hint).optional:
            schema = schema["anyOf"][0]
        found.append(
            {"name": name, "in": "query", "required": name in required_of(act.query), "schema": schema}
        )
    return found


def _headers(act: Act) -> list[Json]:
    if not isinstance(act, Write):
        return [_header("If-None-Match", _("上次读到的 ETag；没有变化时回答 304"))]
    key = {
        **_header("Idempotency-Key", _("这次提交的编号：重发时不变，只办一次")),
        "required": True,
        "schema": KEY,
    }
    return [key, _header("If-Match", _("读取时的 ETag；之后有改动的不保存"))] if act.about else [key]


def _header(name: str, said: str) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": said,
        "schema": {"type": "string"},
    }


TAG: Json = {"ETag": {"schema": {"type": "string"}, "required": True}}


def _responses(act: Act, schemas: Schemas) -> Json:
    told = _done(act, schemas) if isinstance(act, Write) else _told(act, schemas)
    codes = EVERYWHERE
    if isinstance(act, Write):
        codes += WRITING
    if isinstance(act, Download):
        codes += ("refused",)
    return told | {str(KINDS[code].status): {"$ref": f"#/components/responses/{code}"} for code in codes}


def _told(act: Act, schemas: Schemas) -> Json:
    content: Json
    headers = dict(TAG)
    if isinstance(act, Download):
        content = {each: {"schema": {"type": "string", "format": "binary"}} for each in act.media_types}
        headers["Content-Disposition"] = {"schema": {"type": "string"}, "required": True}
    else:
        content = {"application/json": {"schema": schemas.of(act.answers)}}
    return {
        "200": {"description": _("读到的内容"), "content": content, "headers": headers},
        "304": {"description": _("没有变化"), "headers": TAG},
    }


def _done(act: Write, schemas: Schemas) -> Json:
    place = {"Location": {"schema": {"type": "string"}, "required": True}}
    content = {"application/json": {"schema": schemas.of(act.answers)}}
    told: Json = {"201": {"description": _("已办成"), "content": content, "headers": TAG | place}}
    if act.hides:
        told["204"] = {"description": _("已办成，这一项不再在您能看到的范围内"), "headers": place}
    return told


def _problem(code: str) -> Json:
    return {
        "description": str(KINDS[code].title),
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
