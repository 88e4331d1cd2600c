"""How many cases are made: six with the other tests, three hundred in `make nightly`, ten
thousand in `make soak`.

All are the same at every run: the examples follow from the code, and none are kept in a database.
"""

import tempfile

import pytest
from hypothesis import HealthCheck, Phase, configuration, settings

# what the library keeps for itself stays out of the project
HOME = tempfile.TemporaryDirectory(prefix="hypothesis-")
configuration.set_hypothesis_home_dir(HOME.name)
# a case is at most five faults, each told by name: nothing to make smaller
EVERY = {"phases": [Phase.explicit, Phase.generate], "derandomize": True, "database": None,
         "deadline": None, "print_blob": False, "suppress_health_check": list(HealthCheck)}
settings.register_profile("soak", max_examples=5000, **EVERY)
settings.register_profile("nightly", max_examples=150, **EVERY)
settings.register_profile("tests", max_examples=3, **EVERY)
settings.load_profile("tests")
LIMIT = 2.0  # seconds that a person may wait to be told


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """How long a validation took: told and not asserted, as the machine has a say in it."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, seconds in report.user_properties:
            if name == "seconds" and report.when == "call":
                late = sum(one > LIMIT for one in seconds)
                terminalreporter.write_line(
                    f"{report.nodeid}: {len(seconds)} cases, slowest {max(seconds):.1f} s, "
                    f"{late} above {LIMIT:.0f} s")
