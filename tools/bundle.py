"""An offline bundle: the wheel, every library it needs as a wheel, an install script and checksums.

``python tools/bundle.py [FOLDER] [--platform manylinux_2_28_x86_64 --python 3.11]``; the folder is made anew.
Without ``--platform`` it is for machines like this one. Copy the folder to the machine without network and run
``sh install.sh /opt/guantong`` there.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements-run.lock"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, assets inside."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    return next(folder.glob("guantong-*.whl"))


def download_libraries(folder: Path, *, platforms: list[str], python: str) -> None:
    """Everything of the lock, as wheels, at the very hashes of the lock."""
    command = [
        sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--require-hashes",
        "--only-binary", ":all:", "-r", str(ROOT / LOCK), "-d", str(folder),
    ]  # fmt: skip
    for platform in platforms:
        command += ["--platform", platform]
    if platforms:
        command += ["--python-version", python, "--implementation", "cp"]
    subprocess.run(command, check=True)


def write_checksums(folder: Path) -> int:
    """``SHA256SUMS`` over every file, as ``sha256sum --check`` reads it; returns how many."""
    files = sorted(each for each in folder.rglob("*") if each.is_file() and each.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n"
        for file in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return len(files)


def make_bundle(folder: Path, *, platforms: list[str], python: str) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    download_libraries(wheels, platforms=platforms, python=python)
    build_wheel(wheels)
    shutil.copy(ROOT / LOCK, folder)
    shutil.copy(ROOT / "deploy/bundle/install.sh", folder)
    for name in ("systemd", "nginx"):
        shutil.copytree(ROOT / "deploy" / name, folder / "deploy" / name)
    (folder / "PYTHON").write_text(f"{python}\n", encoding="utf-8")
    write_checksums(folder)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "bundle")
    parser.add_argument("--platform", action="append", default=[], help="as pip has it; may be given again")
    parser.add_argument("--python", default=HERE, help="version of Python there, with --platform")
    given = parser.parse_args()
    if given.python != HERE and not given.platform:
        parser.error("--python needs --platform")
    made = make_bundle(given.folder.resolve(), platforms=given.platform, python=given.python)
    size = sum(each.stat().st_size for each in made.rglob("*") if each.is_file())
    print(f"{made}: {len(list((made / 'wheels').iterdir()))} wheels, {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
