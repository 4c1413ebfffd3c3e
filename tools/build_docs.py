"""Build the pages of ``docs/``: ``python tools/build_docs.py FOLDER [--shots] [--server http://127.0.0.1:8000]``.

With ``--shots`` a demonstration is loaded into a temporary home and served on this machine (or the one given is
asked), and every picture that a page names is drawn with Chromium into ``FOLDER/shots``. A warning is an error.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "guantong-demo-2026"  # noqa: S105 - the demonstration's, shown on its sign-in page
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


def build_pages(folder: Path, *, shots: Path | None = None) -> int:
    """HTML in ``folder/html``; the exit code of Sphinx."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    command += ["-d", str(folder / "doctrees"), "-D", f"shots_folder={shots or ''}"]
    return subprocess.run([*command, str(DOCS), str(folder / "html")]).returncode


def shots_wanted() -> list[Any]:
    spec = importlib.util.spec_from_file_location("shots", DOCS / "_ext" / "shots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["shots"] = module
    spec.loader.exec_module(module)
    return list(module.shots_in(DOCS))


@contextlib.contextmanager
def demonstration() -> Iterator[str]:
    """A loaded demonstration on a free port of this machine; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="guantong-docs-") as home:
        known = os.environ | {"GUANTONG_HOME": home, "GUANTONG_DEMO": "1", "GUANTONG_DATABASE_URL": ""}
        program = [sys.executable, "-m", "guantong.config.cli"]
        for each in ("migrate", "load-demo"):
            subprocess.run([*program, each], env=known, check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([*program, "serve", "--port", str(port)], env=known)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/healthz")
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str) -> None:
    for _try in range(600):
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address):  # noqa: S310
            return
        time.sleep(0.1)
    raise SystemExit("the demonstration did not start")


def draw(shots: Iterable[Any], *, server: str, folder: Path) -> int:
    """Every picture as a PNG; returns how many. A page that does not answer 200 stops it."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    drawn = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        pages: dict[tuple[str, str, int], Any] = {}
        for shot in shots:
            key = (shot.user, shot.language, shot.width)
            if key not in pages:
                pages[key] = _signed_in(browser, shot, server)
            _draw_one(pages[key], shot, server, folder)
            drawn += 1
        browser.close()
    return drawn


def _signed_in(browser: Any, shot: Any, server: str) -> Any:
    narrow = shot.width < 600
    page = browser.new_context(
        locale=LOCALES[shot.language],
        viewport={"width": shot.width, "height": 720 if narrow else 800},
        device_scale_factor=2 if narrow else 1,
        reduced_motion="reduce",
    ).new_page()
    if shot.user != "-":
        page.goto(f"{server}/sign-in/")
        page.fill("input[name=sign_in]", shot.user)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/sign-in/" not in address)
    return page


def _draw_one(page: Any, shot: Any, server: str, folder: Path) -> None:
    answer = page.goto(server + shot.path)
    if shot.follow:
        links = page.eval_on_selector_all("main a[href]", "all => all.map(each => each.getAttribute('href'))")
        first = next((each for each in links if _leads_below(each, shot.follow)), None)
        if first is None:
            raise SystemExit(f"{shot.user} {shot.path}: no link below {shot.follow}")
        answer = page.goto(server + first)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{shot.user} {shot.path}: {answer and answer.status}")
    page.screenshot(path=str(folder / shot.name))


def _leads_below(link: str, prefix: str) -> bool:
    return link.startswith(prefix) and link[len(prefix) :].strip("/").split("/")[0].isdigit()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", action="store_true", help="draw the pictures first")
    parser.add_argument("--server", help="a demonstration that runs already")
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not given.shots:
        return build_pages(folder)
    if not Path(CHROMIUM).exists():
        raise SystemExit(f"Pictures need {CHROMIUM}; build without --shots.")
    with contextlib.nullcontext(given.server) if given.server else demonstration() as server:
        print(f"{draw(shots_wanted(), server=server, folder=folder / 'shots')} pictures")
    code = build_pages(folder, shots=folder / "shots")
    print(f"{folder / 'html' / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
