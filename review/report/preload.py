"""What every chapter begins with, done once: the embedded renderer imports this module before it
starts a kernel for each chapter, and the kernels have the dataset read and the claims evaluated.

Nothing depends on it: without it each chapter does the same for itself.
"""

from __future__ import annotations

from review.audit import conclusions, verdicts
from review.audit.displays import builder
from review.dataset.load import load
from review.dataset.problems import DataError

try:
    review = load()
    verdicts.entries(review)
    conclusions.headlines(review.contents)
    for label in review.contents.tables:
        builder(review.contents, label)
except DataError:
    pass  # the chapters, and the validation before them, say what is wrong
