"""The body of a sending: JSON alone, or a JSON part with files beside it, as far as it may be long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.api.contract.problems import Malformed
from guantong.api.shapes.common import Fault

MOST_JSON = 256 * 1024
FRAME = 1024 * 1024  # the JSON part, the boundaries and the headers of the parts
FILE, MOST_FILES = "file", 5


@dataclass(frozen=True, slots=True)
class Sent:
    """The JSON as bytes, and the files by the names they came with."""

    content: bytes
    files: Sequence[tuple[str, BinaryIO]] = ()


def most_of(request: Request) -> int:
    """How many bytes the body may have."""
    is_form = (request.content_type or "").lower() == "multipart/form-data"
    return settings.MAX_UPLOAD_MB * 1024 * 1024 + FRAME if is_form else MOST_JSON


def sent_in(request: Request, part_name: str) -> Sent:
    """What was sent; ``part_name`` names the JSON part of a form, empty where the body is JSON itself."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdecimal() and int(length) > most_of(request):
        raise RequestDataTooBig
    if part_name:
        return _parts(request, part_name)
    content = request.body
    if len(content) > MOST_JSON:
        raise RequestDataTooBig
    return Sent(content)


def _parts(request: Request, part_name: str) -> Sent:
    """Raises Malformed for a form that has anything but one JSON part and files."""
    try:
        fields, uploads = request.POST, request.FILES
    except RequestDataTooBig:
        raise
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnicodeError):
        raise Malformed([Fault("", _("请求正文不是有效的 multipart/form-data。"))]) from None
    faults = [
        Fault(name[:60], _("没有“%(name)s”这一项。") % {"name": name[:60]})
        for name in {*fields, *uploads} - {part_name, FILE}
    ]
    if FILE in fields or FILE not in uploads:
        faults.append(Fault(FILE, _("须为文件，带文件名。")))
    files = uploads.getlist(FILE)
    if len(files) > MOST_FILES:
        faults.append(Fault(FILE, _("最多 %(n)s 项。") % {"n": MOST_FILES}))
    told: list[str | UploadedFile[Any]] = [*fields.getlist(part_name), *uploads.getlist(part_name)]
    if len(told) != 1:
        faults.append(Fault(part_name, _("须有一份“%(name)s”，内容为 JSON。") % {"name": part_name}))
    if faults:
        raise Malformed(faults)
    [one] = told
    if (
        isinstance(one, str) and "\ufffd" in one
    ):  # the form was read as UTF-8, and this stands for what is none
        raise Malformed([Fault(part_name, _("请求正文不是有效的 JSON（UTF-8）。"))])
    content = one.encode(errors="surrogatepass") if isinstance(one, str) else one.read(MOST_JSON + 1)
    if len(content) > MOST_JSON:
        raise RequestDataTooBig
    return Sent(content, [(each.name or "", cast(BinaryIO, each.file)) for each in files])
