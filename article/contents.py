"""What this article hands to the engine: see `review.contents.Contents`."""

from __future__ import annotations

from article.vocabulary import VOCABULARY
from review.contents import Contents

FIGURES = "article.figures"
TABLES = "article.tables"

CONTENTS = Contents(
    vocabulary=VOCABULARY,
    claims="article.claims",
    conclusions=("article.conclusions.ceilings", "article.conclusions.refractoriness",
                 "article.conclusions.benefit"),
    checks="article.checks",
    figures={
        "fig-prisma": f"{FIGURES}.prisma",
        **dict.fromkeys(("fig-clinical-pfs", "fig-clinical-os", "fig-clinical-orr", "fig-rwe-pfs",
                         "fig-image", "fig-rwe-os", "fig-rwe-orr", "fig-best-response",
                         "fig-naive"), f"{FIGURES}.panels"),
        "fig-follow-up": f"{FIGURES}.follow_up",
    },
    tables={
        "tbl-clinical": f"{TABLES}.included",
        "tbl-rwe": f"{TABLES}.included",
        "tbl-patients": f"{TABLES}.patients",
        **dict.fromkeys(("tbl-picos", "tbl-quality", "tbl-search", "tbl-editions",
                         "tbl-abbreviations"), f"{TABLES}.lists"),
    },
    sentences=("article.sentences",),
    audit_chapter="92-audit.qmd",
    rows_chapter="94-rows.qmd",
    row_checks=("review.audit.checks_of_medians", "review.audit.checks_of_groups",
                "article.row_checks"),
)
