"""Where the seconds of a render go: by chapter and phase, on the clock and on the processor."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass
class Spent:
    """Seconds on the clock (``wall``) and of processor time, with that of processes started."""

    wall: float = 0.0
    processor: float = 0.0

    def add(self, wall: float, processor: float) -> None:
        """Add what was spent besides."""
        self.wall += wall
        self.processor += processor


class Timings:
    """Seconds by chapter ("" for the whole book) and phase, in the order in which they began.

    Phases of several chapters run side by side, so their seconds on the clock add up to more than
    the whole; ``total`` is the whole, from the making of this object on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, str], Spent] = {}
        self._started = time.perf_counter(), _processor_of_all()

    def of(self, phase: str, chapter: str = "") -> Spent:
        """What a phase has taken so far, to be added to."""
        with self._lock:
            return self._spent.setdefault((chapter, phase), Spent())

    @contextmanager
    def phase(self, name: str, chapter: str = "") -> Iterator[Spent]:
        """Add what this thread spends inside to a phase. What processes that it starts take, it
        has to add itself, to what it is given."""
        spent = self.of(name, chapter)
        wall, processor = time.perf_counter(), time.thread_time()
        try:
            yield spent
        finally:
            spent.add(time.perf_counter() - wall, time.thread_time() - processor)

    def total(self) -> Spent:
        """What everything has taken so far, all threads and all processes that have ended."""
        wall, processor = self._started
        return Spent(time.perf_counter() - wall, _processor_of_all() - processor)

    def rows(self) -> list[dict[str, Any]]:
        """One row a chapter and phase: ``chapter`` (None for the book), ``phase``, ``wall`` and
        ``processor``; first those of the book. The last row is the whole, its phase
        ``everything``."""
        total = self.total()
        with self._lock:
            spent = sorted(self._spent.items(), key=lambda item: item[0][0])
        return [{"chapter": chapter or None, "phase": phase, "wall": round(one.wall, 3),
                 "processor": round(one.processor, 3)}
                for (chapter, phase), one in [*spent, (("", "everything"), total)]]

    def text(self) -> str:
        """The rows as a table for a screen."""
        lines = ["  wall  processor  seconds by phase; phases of chapters run side by side"]
        chapter = ""
        for row in self.rows():
            if row["chapter"] != chapter:
                chapter = row["chapter"]
                lines.append(f"{'':19}{chapter or 'the book'}")
            lines.append(f"{row['wall']:6.2f} {row['processor']:10.2f}    {row['phase']}")
        return "\n".join(lines)


def _processor_of_all() -> float:
    """Processor seconds of this process and of those below it that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
