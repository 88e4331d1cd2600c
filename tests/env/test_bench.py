"""The benchmarks measure what they say: time, memory of the largest process, a review that grew."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(monkeypatch):
    """Imports a module of bench/, which is a folder of scripts and no package."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))

    def load(name):
        spec = importlib.util.spec_from_file_location(name, ROOT / "bench" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


def test_memory_is_that_of_the_largest_process_of_the_tree(bench):
    grandchild = "x = bytearray(200_000_000)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    ballast = bytearray(400_000_000)  # what the measuring process holds does not count
    run = bench("measure").run([sys.executable, "-c", child], cwd=ROOT)
    assert len(ballast) and 200 < run.peak_mb < 260


def test_a_failed_command_is_an_error_with_its_output(bench):
    measure = bench("measure")
    with pytest.raises(measure.CommandFailed, match="ended with 3:\nwhy it failed"):
        measure.run([sys.executable, "-c", "print('why it failed'); exit(3)"], cwd=ROOT)


@pytest.mark.parametrize(
    ("measured", "target", "verdict"), [(4.0, 4, "met"), (4.1, 4, "MISSED"), (9.9, None, "")]
)
def test_a_line_says_whether_its_target_is_met(bench, measured, target, verdict):
    assert bench("measure").Line("what", measured, "s", target).verdict == verdict


def test_the_synthetic_review_is_valid_and_grows_in_every_part(bench, tmp_path):
    from review.dataset.load import load

    real = load("published", ROOT / "data")
    assert bench("scale").multiply(ROOT / "data", tmp_path / "data", 3) == 3 * len(real.studies)
    grown = load("synthetic", tmp_path / "data")
    for name in ["studies", "reports", "arms", "outcomes", "characteristics", "quality"]:
        assert len(getattr(grown, name)) == 3 * len(getattr(real, name)), name
    # a copy's rows belong to the copy
    last = grown.studies["study_id"].iloc[-1]
    assert last.startswith("copy-3-")
    arms = grown.arms.loc[grown.arms["study_id"] == last, "arm_id"]
    assert len(arms) and arms.str.startswith("copy-3-").all()
    # and the published edition is what it was
    assert len(load("published", tmp_path / "data").studies) == len(real.studies)


def test_the_audit_is_timed_on_every_claim(bench):
    from review.dataset.load import load

    claims = bench("claims")
    read, evaluated, counted = claims.timed(ROOT / "data")
    assert read > 0 and evaluated > 0
    assert counted == len(load("published", ROOT / "data").claims)
    assert [line.measured for line in claims.lines(0.25, 0.5, 3)] == [0.25, 0.5, 0.75]
    assert claims.lines(0.25, 0.5, 3)[-1].target == claims.TARGET


def test_seconds_of_the_suite_are_those_of_each_file(bench):
    told = ("1.50s call     tests/press/test_a.py::test_b[c::d]\n"
            "0.25s setup    tests/press/test_a.py::test_b\n0.05s teardown tests/x.py::test_y\n"
            "3 passed in 1.80s\n")
    assert bench("suite").by_file(told) == {"tests/press/test_a.py": 1.75, "tests/x.py": 0.05}
