"""Keeps the background worker running beside the web server: when it ends by itself it is started again."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Sequence

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds; each pause is twice the one before
STEADY = 600.0  # seconds after which a worker counts as sound, so that the next pause is a short one again
TO_STOP = 20.0


class Keeper:
    """One process, started again with a growing pause for as long as nobody has stopped it."""

    def __init__(
        self, command: Sequence[str], *, first_pause: float = FIRST_PAUSE, steady: float = STEADY
    ) -> None:
        self._command, self._first_pause, self._steady = list(command), first_pause, steady
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._run()
        self._watch.start()

    def stop(self) -> None:
        """Ask the process to end after the job in hand; it is not started again."""
        with self._lock:
            self._stopped.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=TO_STOP)
            except subprocess.TimeoutExpired:
                log.error("worker process %s did not stop within %g s and is killed", process.pid, TO_STOP)
                process.kill()
                process.wait()

    def _run(self) -> bool:
        """Start the process, unless it was stopped meanwhile."""
        with self._lock:
            if self._stopped.is_set():
                return False
            self._process = subprocess.Popen(self._command)  # noqa: S603 - our own program
            return True

    def _keep(self) -> None:
        pause = self._first_pause
        while True:
            process, since = self._process, time.monotonic()
            assert process is not None
            code = process.wait()
            if self._stopped.is_set():
                return
            if time.monotonic() - since >= self._steady:
                pause = self._first_pause
            log.error(
                "worker process %s ended with code %s; starting it again in %g s", process.pid, code, pause
            )
            if self._stopped.wait(pause) or not self._run():
                return
            pause = min(LONGEST_PAUSE, 2 * pause)
            assert self._process is not None
            log.warning("the worker runs again as process %s", self._process.pid)
