"""How many cores may be used: fewer than the machine has, where a container or the user says so."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTAS = ("cpu.max", "cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us")
"""Where Linux says which share of time a container gets (version 2 and version 1 of its control
groups): microseconds of processor in microseconds of time."""
GROUPS = Path("/sys/fs/cgroup")


def usable(groups: Path = GROUPS) -> int:
    """The cores this process may run on, and no more than the share of time it gets; at least 1.

    ``groups``: the folder of the control groups.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # Linux alone tells
        cores = os.cpu_count() or 1
    share = _share(groups)
    return max(1, cores if share == math.inf else min(cores, math.ceil(share)))


def _share(groups: Path) -> float:
    """How many cores' time this container gets; infinite where nothing limits it."""
    for names in QUOTAS:
        try:
            words = " ".join((groups / name).read_text("ascii") for name in names.split()).split()
            quota, period = int(words[0]), int(words[1])
        except (OSError, ValueError, IndexError):  # not there, or "max"
            continue
        if quota > 0 and period > 0:
            return quota / period
    return math.inf
