"""A home folder that cannot be used is a sentence on the command line, not a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    ran = subprocess.run(
        [sys.executable, "-c", "from guantong.config.cli import main; raise SystemExit(main(['settings']))"],
        env={**os.environ, "GUANTONG_HOME": str(taken)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "GUANTONG_HOME" in ran.stderr
    assert str(taken) in ran.stderr
