"""What an uploaded file is, by its content, and the form in which it is kept. The name decides nothing.

========== ============================================================= =====================================
type       known by                                                      kept
========== ============================================================= =====================================
PDF        ``%PDF-`` at the start, ``%%EOF`` near the end                as it is
PNG, JPEG  the picture opens                                             drawn anew: no EXIF, nothing attached
Word …     an OOXML container with its main part, or the OLE stream      as it is; macros and programs refused
========== ============================================================= =====================================
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from guantong.kernel.refusals import Refusal

MAX_PIXELS = 50_000_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_NAME = 200
OFFICE = "application/vnd.openxmlformats-officedocument."
# The name endings that fit a type; the first is given to a name that has none of them.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    OFFICE + "wordprocessingml.document": (".docx",),
    OFFICE + "spreadsheetml.sheet": (".xlsx",),
    OFFICE + "presentationml.presentation": (".pptx",),
    "application/msword": (".doc", ".wps"),
    "application/vnd.ms-excel": (".xls", ".et"),
    "application/vnd.ms-powerpoint": (".ppt", ".dps"),
}
# Folders of an OOXML container, and streams of an OLE one (their names are UTF-16), by the type they show.
CONTAINERS = {
    "word/": OFFICE + "wordprocessingml.document",
    "xl/": OFFICE + "spreadsheetml.sheet",
    "ppt/": OFFICE + "presentationml.presentation",
}
STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
PROGRAMS = (".bat", ".cmd", ".com", ".dll", ".exe", ".hta", ".jar", ".js", ".lnk", ".msi", ".ps1", ".scr", ".vbs", ".wsf")  # fmt: skip
PNG, JPEG, ZIP, OLE = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
PLAIN_MODES = {"1", "L", "LA", "RGB", "RGBA"}


@dataclass(frozen=True, slots=True)
class Medium:
    """Bytes fit to be kept, and their type."""

    content: bytes
    media_type: str


def medium_of(content: bytes, *, name: str) -> Medium:
    """The file by its content, pictures drawn anew. Refuses every type that is no evidence."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Medium(content, "application/pdf")
    if content.startswith((PNG, JPEG)):
        return _picture(content, name)
    if content.startswith(ZIP):
        return Medium(content, _container(content, name))
    if content.startswith(OLE):
        return Medium(content, _streams(content, name))
    raise _strange(name)


def _strange(name: str) -> Refusal:
    return Refusal(
        _("“%(name)s”不是可作依据的文件类型，请上传 PDF、图片（PNG、JPG）或 Word、Excel、PPT 文件。")
        % {"name": name}
    )


def _picture(content: bytes, name: str) -> Medium:
    """The same picture in fresh bytes: upright, without camera data, comments or anything appended."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refusal(
                    _("“%(name)s”的画面超过 %(n)s 万像素，请缩小后再传。")
                    % {"name": name, "n": MAX_PIXELS // 10_000}
                )
            is_png = opened.format == "PNG"
            drawn = _plain(ImageOps.exif_transpose(opened), may_be_clear=is_png)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal(_("“%(name)s”打不开，图片可能已损坏，请重新保存后再传。") % {"name": name}) from error
    fresh = io.BytesIO()
    if is_png:
        drawn.save(fresh, "PNG")
        return Medium(fresh.getvalue(), "image/png")
    drawn.save(fresh, "JPEG", quality=90)
    return Medium(fresh.getvalue(), "image/jpeg")


def _plain(picture: Image.Image, *, may_be_clear: bool) -> Image.Image:
    """Pixels only, in a mode every viewer knows."""
    if may_be_clear and picture.has_transparency_data:
        plain = picture.convert("RGBA")
    elif picture.mode in PLAIN_MODES and (may_be_clear or picture.mode in {"L", "RGB"}):
        plain = picture.copy()
    else:
        plain = picture.convert("RGB")
    plain.info = {}
    return plain


def _container(content: bytes, name: str) -> str:
    """The type of an OOXML container, told by its folders."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _strange(name) from error
    names = [each.filename.lower() for each in members]
    if len(members) > MAX_MEMBERS or sum(each.file_size for each in members) > MAX_UNPACKED:
        raise Refusal(_("“%(name)s”解压后过大，请精简后再传。") % {"name": name})
    if any(each.endswith(PROGRAMS) for each in names):
        raise Refusal(_("“%(name)s”里夹有程序文件，没有接收。") % {"name": name})
    if any(each.endswith("vbaproject.bin") for each in names):
        raise _macros(name)
    if "[content_types].xml" in names:
        for folder, media_type in CONTAINERS.items():
            if any(each.startswith(folder) for each in names):
                return media_type
    raise _strange(name)


def _streams(content: bytes, name: str) -> str:
    """The type of an OLE document, told by the name of its main stream; installers and the like have none."""
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros(name)
    for stream, media_type in STREAMS.items():
        if stream.encode("utf-16-le") in content:
            return media_type
    raise _strange(name)


def _macros(name: str) -> Refusal:
    return Refusal(_("“%(name)s”含有宏，请另存为不带宏的文件或 PDF 再传。") % {"name": name})


def tidy_name(name: str, media_type: str) -> str:
    """A name without folders, control or direction marks, whose ending says what the content is."""
    base = PurePosixPath(name.replace("\\", "/")).name
    flat = unicodedata.normalize("NFC", base)
    shown = "".join(each for each in flat if unicodedata.category(each)[0] != "C")
    shown = "".join("_" if each in '<>:"|?*\u2028\u2029' else each for each in shown).strip(" .")
    endings = SUFFIXES.get(media_type, ("",))
    fits = next((len(each) for each in endings if shown.lower().endswith(each)), 0)
    stem, ending = (shown[:-fits], shown[-fits:]) if fits else (shown, endings[0])
    return (stem.strip(" .") or _("附件"))[: MAX_NAME - len(ending)] + ending
