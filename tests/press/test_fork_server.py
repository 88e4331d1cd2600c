"""Kernels forked from one process: what modules do while they are imported cannot harm."""

import signal
import subprocess
import sys
import time

import pytest
from layers import first

from press import config, kernels

pytestmark = pytest.mark.skipif(not kernels.CAN_FORK, reason="kernels are forked on Linux only")
CELL = "```{python}\n#| echo: false\nimport helper\nprint('helper says', helper.WORD)\n```\n"


def book_with(small, helper, preload="helper"):
    small.path("helper.py").write_text(helper, "utf-8")
    small.edit("_quarto.yml", "project:\n", f"press:\n  preload: [{preload}]\nproject:\n")
    small.append("index.qmd", CELL)
    return small.press("render", "--to", "html")


@pytest.mark.parametrize("printed", first(1, [str(2 ** 22), "hello"]))
def test_a_module_that_prints_while_it_is_imported(small, printed):
    done = book_with(small, f"print({printed!r}, flush=True)\nWORD = 'yes'\n")
    assert done.status == 0, done.err
    assert "helper says yes" in small.page.main.get_text()


def test_a_subprocess_that_fails_on_import_is_seen_to_fail(small):
    done = book_with(small, "import subprocess\nWORD = subprocess.run(['false']).returncode\n")
    assert done.status == 0, done.err
    assert "helper says 1" in small.page.main.get_text()


@pytest.mark.parametrize("code, message", [
    ("import sys\nsys.exit(3)\n", "helper cannot be imported: SystemExit: 3"),
    ("1 / 0\n", "helper cannot be imported: ZeroDivisionError: division by zero"),
    ("import os\nos._exit(0)\n", "the process that imports helper ended with it"),
])
def test_a_module_that_cannot_be_imported_is_named(small, code, message):
    done = book_with(small, code)
    assert done.status == 1
    assert f"_quarto.yml:2: `press.preload`: {message}" in done.err
    assert "Traceback" not in done.err


@pytest.fixture
def process():
    """A process, and its descriptor as the fork server would send it."""
    import os

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child, kernels.ForkedProcess(os.pidfd_open(child.pid))
    child.kill()
    child.wait()


def test_a_kernel_is_known_by_its_descriptor(process):
    child, forked = process
    assert forked.poll() is None
    forked.terminate()
    assert forked.wait(5) == 0
    assert child.wait() == -signal.SIGTERM
    assert forked.poll() == 0
    with pytest.raises(ProcessLookupError):
        forked.kill()


def test_a_kernel_that_ended_is_seen_at_once_and_what_it_started_ends(small, tmp_path):
    """Its number is kept by the server until its group was ended."""
    small.append("_quarto.yml", "press:\n  preload: [json]\n")
    mark = tmp_path / "late"
    small.append("index.qmd", "```{python}\nimport os, subprocess\n_ = subprocess.Popen("
                 f"['sh', '-c', 'sleep 2; touch {mark}'])\nos._exit(3)\n```\n")
    done = small.press("render", "--to", "html")
    assert "the cell ended its kernel" in done.err
    time.sleep(2.5)
    assert not mark.exists()


def test_no_fork_server_where_the_system_has_no_process_descriptors(small, monkeypatch):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    small.append("_quarto.yml", "press:\n  preload: [json]\n")
    with kernels.KernelHost(config.load(small.root)) as host:
        assert host.fork_server is None
