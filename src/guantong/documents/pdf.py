"""PDF through LibreOffice, where it is installed; in a process of its own with limits on time and memory."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from django.utils.translation import gettext as _

from guantong.documents.layout.measures import FALLBACKS
from guantong.kernel.refusals import Refusal

SECONDS, MEGABYTES = 90, 4096
PROGRAMS = ("soffice", "libreoffice")
ONE_AT_A_TIME = threading.Lock()


def program() -> str:
    """The path of LibreOffice; empty where it is not installed."""
    return next((found for each in PROGRAMS if (found := shutil.which(each))), "")


def pdf_of(content: bytes, *, seconds: int = SECONDS) -> bytes:
    """The .docx as PDF. Refuses where the program is missing, fails or takes too long."""
    if not program():
        raise Refusal(_("这台服务器没有安装 LibreOffice，不能转换 PDF，请用打印页面。"))
    with tempfile.TemporaryDirectory(prefix="guantong-pdf-") as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(content)
        _convert(source, Path(folder), seconds)
        made = source.with_suffix(".pdf")
        if not made.exists():
            raise Refusal(_("转换 PDF 没有成功，请下载 Word 文件后另存。"))
        return made.read_bytes()


def pdf_at_once(content: bytes, *, seconds: int) -> bytes:
    """The .docx as PDF for somebody who waits for it; one at a time, so that nobody fills the machine with them."""
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise Refusal(_("另一份正在转换 PDF，请稍后再试，或者先下载 Word。"))
    try:
        return pdf_of(content, seconds=seconds)
    finally:
        ONE_AT_A_TIME.release()


def font_settings() -> str:
    """Which installed font stands in for one that is named in the file, as fontconfig reads it."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{each}</family>" for each in (name, *others))
        + "</prefer></alias>"
        for name, others in FALLBACKS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>'
    )


def _convert(source: Path, folder: Path, seconds: int) -> None:
    """The program has a profile of its own, so that two at once do not meet, and no network settings of anybody."""
    command = [
        sys.executable, "-I", "-m", "guantong.documents.limited", str(seconds), str(MEGABYTES),
        program(), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nologo",
        "--convert-to", "pdf", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    fonts = folder / "fonts.conf"
    fonts.write_text(font_settings(), encoding="utf-8")
    environment = {
        "FONTCONFIG_FILE": str(fonts),
        "HOME": str(folder),
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
    }
    running = subprocess.Popen(  # noqa: S603 - the program that the operator installed, on a file of ours
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Refusal(_("转换 PDF 超过了时限，请下载 Word 文件后另存。")) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
