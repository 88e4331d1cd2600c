"""What every program of the review owes to a terminal and a shell: text in UTF-8 wherever it runs,
an end in order when it is asked to end, and faults in words.

`press` has the like of its own in `__main__`, as neither of the two imports the other.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from review.dataset.problems import DataError, ReviewError

FINE, FINDINGS = 0, 1


def plain_streams() -> None:
    """What is written is UTF-8 in every locale; where nobody takes it, it goes nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed; the next file that is opened would take its place
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def stop_in_order() -> None:
    """SIGTERM and SIGHUP end the program as Ctrl-C does: what it had begun is taken back."""
    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)


def drop_output() -> None:
    """Nothing more goes to standard output where it takes nothing; else Python would fail at its
    end to write the rest."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def told(error: OSError) -> str:
    """A fault of the system in words: what, why, what to do."""
    where = error.filename2 or error.filename or "what is printed"
    return (f"{where}: {error.strerror or error}. Make room, or allow reading and writing, and run "
            "the command again")


def run(command: Callable[[], int]) -> int:
    """Runs the command of a module; its exit status, or 1 and in words what is wrong."""
    plain_streams()
    stop_in_order()
    try:
        status = command()
        sys.stdout.flush()
        return status
    except DataError as error:
        message = "\n".join(str(problem) for problem in error.problems)
    except ReviewError as error:
        message = str(error)
    except BrokenPipeError:
        drop_output()  # the reader (head, less) has seen enough
        return FINE
    except OSError as error:
        message = told(error)
        drop_output()
    except KeyboardInterrupt:
        message = "stopped; what was there is as it was"
    print(message, file=sys.stderr)
    return FINDINGS
