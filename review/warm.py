"""What every chapter begins with, done once: the embedded renderer imports this module before it
forks a kernel for each chapter, and the kernels find the dataset read and the claims evaluated.

Nothing depends on it: without it each chapter does the same for itself.
"""

from __future__ import annotations

from . import audit, conclusions, tables  # noqa: F401
from .data import load
from .problems import DataError

try:
    audit.entries(load())
except DataError:
    pass  # the chapters, and the validation before them, say what is wrong
