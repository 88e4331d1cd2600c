"""No more kernels at once than there are cores for them."""

import os
import subprocess
import sys

import pytest

from press import cores

linux = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux alone tells")


@pytest.fixture
def four(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 3, 5}, raising=False)


@pytest.mark.parametrize(("files", "expected"), [
    ({}, 4),
    ({"cpu.max": "max 100000\n"}, 4),
    ({"cpu.max": "200000 100000\n"}, 2),
    ({"cpu.max": "150000 100000\n"}, 2),
    ({"cpu.max": "20000 100000\n"}, 1),
    ({"cpu.max": "900000 100000\n"}, 4),
    ({"cpu.max": ""}, 4),
    ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4),
    ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
])
def test_the_share_of_a_container_counts(four, tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "ascii")
    assert cores.usable(tmp_path) == expected


def test_where_the_system_does_not_tell(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores.usable(tmp_path) == 1


@linux
def test_a_process_that_may_use_one_core_uses_one():
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); " \
           "from press import cores; print(cores.usable())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "1", done.stderr
