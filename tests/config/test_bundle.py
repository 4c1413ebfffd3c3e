"""An installation from the offline bundle, without any network, down to a database that is ready."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.installation import ROOT

# pip finds nothing but what lies in the folder, whatever this machine is set up to use.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHON": sys.executable}


def run(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GUANTONG_", "PIP_", "PYTHON"))
    }
    return subprocess.run(command, env=kept | OFFLINE | given, capture_output=True, text=True, cwd="/")


@pytest.mark.drill
def test_a_machine_without_network_gets_a_running_system(tmp_path: Path) -> None:
    bundle, target, home = tmp_path / "bundle", tmp_path / "guantong", tmp_path / "home"
    subprocess.run([sys.executable, str(ROOT / "tools/bundle.py"), str(bundle)], check=True)

    done = run("sh", str(bundle / "install.sh"), str(target))
    assert done.returncode == 0, done.stdout + done.stderr

    program = str(target / "bin" / "guantong")
    assert run(program, "migrate", GUANTONG_HOME=str(home)).returncode == 0
    told = run(program, "check-package", "three-threes", "--json", GUANTONG_HOME=str(home))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)
    assert (home / "guantong.sqlite3").is_file()

    broken = tmp_path / "broken"
    shutil.copytree(bundle, broken)
    wheel = next((broken / "wheels").glob("guantong-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b" ")
    refused = run("sh", str(broken / "install.sh"), str(tmp_path / "other"))
    assert refused.returncode == 1
    assert not (tmp_path / "other").exists()
