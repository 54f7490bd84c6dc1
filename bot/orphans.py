"""A web server's worker must not outlive the server: it would go on answering on the shared port, with the
settings of yesterday, beside the one started in its place."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_server() -> None:
    """In a worker process: end when the server's main process dies, even by kill -9. Linux only."""
    server = multiprocessing.parent_process()
    if server is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server.pid:  # it died before we asked to be told
        os.kill(os.getpid(), signal.SIGKILL)
