"""Run a command with limits on processor time and memory: ``python -m guantong.documents.limited SECONDS MB COMMAND…``."""

from __future__ import annotations

import os
import resource
import sys


def main() -> None:
    seconds, megabytes, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(command[0], command)  # noqa: S606 - the program that the operator installed


if __name__ == "__main__":
    main()
