"""What a machine gets that installs the wheel: pages, styles, both languages, the mechanisms; and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from config.installation import ROOT

SOURCES = ROOT / "src" / "guantong"
KINDS = ("html", "css", "js", "svg", "po", "yaml", "csv", "xlsx", "txt")
LOCKED = re.compile(r"^([a-z0-9-]+==\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is in the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


class TestTheWheel:
    @pytest.mark.parametrize("kind", KINDS)
    def test_has_every_file_of_its_sources(self, kind: str, names: set[str]) -> None:
        wanted = {f"guantong/{each.relative_to(SOURCES).as_posix()}" for each in SOURCES.rglob(f"*.{kind}")}
        assert wanted - names == set()

    def test_has_english_compiled_and_not_only_written(self, names: set[str]) -> None:
        assert "guantong/locale/en/LC_MESSAGES/django.mo" in names

    def test_is_never_packed_before_english_is_compiled(self) -> None:
        """In a fresh checkout there is no compiled catalogue: the build makes it."""
        build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
        hook = build["targets"]["wheel"]["hooks"]["custom"]["path"]
        assert "build_assets.py" in (ROOT / hook).read_text(encoding="utf-8")

    def test_has_both_mechanisms(self, names: set[str]) -> None:
        assert {
            "guantong/mechanisms/builtin/three_threes.yaml",
            "guantong/mechanisms/builtin/river_chief.yaml",
        } <= names

    def test_has_nothing_of_the_checkout_beside_the_program(self, names: set[str]) -> None:
        assert {name.partition("/")[0] for name in names} <= {"guantong", *_metadata(names)}
        assert not {name for name in names if "__pycache__" in name or name.endswith((".pyc", ".sqlite3"))}


def _metadata(names: set[str]) -> set[str]:
    return {name.partition("/")[0] for name in names if ".dist-info/" in name}


class TestTheLocks:
    def test_what_runs_is_locked_at_the_versions_that_were_tested(self) -> None:
        everything, running = (_locked(name) for name in ("requirements.lock", "requirements-run.lock"))
        assert running
        assert running < everything

    def test_what_builds_is_locked_at_them_too(self) -> None:
        build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
        locked = _locked("requirements-build.lock")
        assert {re.split(r"[~=<>]", each)[0] for each in build} <= {
            each.partition("==")[0] for each in locked
        }
        assert locked < _locked("requirements.lock")

    def test_every_library_named_is_in_its_lock(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        known = {each.partition("==")[0] for each in _locked("requirements-run.lock")}
        asked = {re.split(r"[\[~=<>]", each)[0].lower() for each in project["dependencies"]}
        assert asked - known == set()

    def test_no_tool_of_the_developers_is_installed(self) -> None:
        known = {each.partition("==")[0] for each in _locked("requirements-run.lock")}
        assert known & {"pytest", "ruff", "mypy", "playwright", "sphinx"} == set()


def _locked(name: str) -> set[str]:
    return set(LOCKED.findall(Path(ROOT / name).read_text(encoding="utf-8")))
