"""What every change is tested by, and what `make nightly` tries beside it."""

from collections.abc import Sequence
from typing import Any

import pytest


def first(n: int, cases: Sequence[Any]) -> list[Any]:
    """Cases of a test that is asked the same of each: the first n at every change, all of them in
    the night."""
    return [*cases[:n], *(pytest.param(*(case if isinstance(case, tuple) else (case,)),
                                       marks=pytest.mark.nightly) for case in cases[n:])]
