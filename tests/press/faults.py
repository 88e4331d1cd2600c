"""Killing a render, and what has to hold after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time


def render_and_kill(root, after: float) -> bool:
    """Starts a render anew of the book at ``root`` and kills it ``after`` seconds; whether it was
    still running then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "press", "render", "--force", str(root)], start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    running = process.poll() is None
    if running:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return running


def left_behind(root) -> list[str]:
    """Working folders that no render is using."""
    return sorted(str(path.relative_to(root)) for pattern in (".press/work-*", "_book/.press-*")
                  for path in root.glob(pattern))
