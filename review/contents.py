"""What an article hands to the engine, and where the engine finds it.

The article is the package `article` in the project's folder; its module `contents` holds CONTENTS.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from review.dataset.paths import ROOT
from review.dataset.problems import ReviewError
from review.dataset.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Contents:
    """Everything of an article that the engine asks for. Modules are given by their full names and
    imported when first asked for, so that a command pays for what it uses.

    claims: package whose modules hold the functions marked @claim. conclusions: modules that hold
    the predicates marked @headline, in the order in which they are told. checks: module whose RULES
    are added to the engine's own. figures, tables: by label (fig-…, tbl-…) the module that holds
    the builder, whose name is the label without its kind. sentences: modules that hold the
    functions marked @sentence. audit_chapter, rows_chapter, studies_chapter, references_chapter:
    the chapters that hold the ledger, the rows behind figures and tables, the studies and the
    article's list of references, in the folder of the chapters; no references_chapter: numbers of
    references lead nowhere. headline_rules: module whose function `rules` gives the conclusions as
    data (`synthesis.evidence`); empty where the article has none. quantities: modules whose
    function `quantities` gives what two editions compare besides the engine's own. row_checks:
    modules of the functions marked @row_check, in the order in which they are told; without any of
    its own, an article has the engine's.
    """

    vocabulary: Vocabulary
    claims: str
    conclusions: tuple[str, ...]
    checks: str
    figures: Mapping[str, str]
    tables: Mapping[str, str]
    sentences: tuple[str, ...]
    audit_chapter: str
    rows_chapter: str
    studies_chapter: str
    references_chapter: str = ""
    headline_rules: str = ""
    quantities: tuple[str, ...] = ()
    row_checks: tuple[str, ...] = ("review.audit.checks_of_medians",
                                   "review.audit.checks_of_groups")


@cache
def project_contents() -> Contents:
    """The contents of the project's own article.

    Raises ReviewError where the project has no package `article`, or one without CONTENTS.
    """
    if str(ROOT) not in sys.path[:1]:
        sys.path.insert(0, str(ROOT))
    try:
        contents = import_module("article.contents").CONTENTS
    except ModuleNotFoundError as error:
        if error.name not in ("article", "article.contents"):
            raise
        raise ReviewError(f"{ROOT} has no article/contents.py, which names the claims, figures and "
                          "tables of the article under review") from None
    if not isinstance(contents, Contents):
        raise ReviewError(f"{ROOT}/article/contents.py: CONTENTS is no review.contents.Contents")
    return contents
