"""Figures and tables by their labels: each is told once, and its code is where it is said to be."""

import re

import pytest

from article.contents import CONTENTS
from review.audit import displays
from review.dataset.load import ROOT


@pytest.mark.parametrize("label", displays.labels(CONTENTS))
def test_the_code_that_is_named_exists(label):
    path, builder = displays.code(CONTENTS, label)
    source = (ROOT / path).read_text("utf-8")
    assert re.search(rf"^(def {builder}\(|{builder} = )", source, re.M)


def test_every_label_is_told_once():
    labels = displays.labels(CONTENTS)
    assert len(labels) == len(set(labels)) and set(CONTENTS.figures) <= set(labels)
