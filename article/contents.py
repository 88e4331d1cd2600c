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
        "fig-contrasts": f"{FIGURES}.contrasts",
        "fig-maturity": f"{FIGURES}.maturity",
        "fig-known": f"{FIGURES}.known",
        "fig-response": f"{FIGURES}.response",
    },
    tables={
        "tbl-clinical": f"{TABLES}.included",
        "tbl-rwe": f"{TABLES}.included",
        "tbl-patients": f"{TABLES}.patients",
        **dict.fromkeys(("tbl-ranges", "tbl-gate", "tbl-sensitivity", "tbl-leave-one-out",
                         "tbl-certainty"),
                        f"{TABLES}.synthesis"),
        **dict.fromkeys(("tbl-picos", "tbl-quality", "tbl-search", "tbl-editions",
                         "tbl-abbreviations"), f"{TABLES}.lists"),
    },
    sentences=("article.sentences", "article.findings", "article.synthesis.sentences"),
    audit_chapter="92-audit.qmd",
    rows_chapter="94-rows.qmd",
    references_chapter="95-references.qmd",
    studies_chapter="95-studies.qmd",
    headline_rules="article.synthesis.headline_rules",
    quantities=("article.synthesis.gates", "article.synthesis.contrasts"),
    row_checks=("review.audit.checks_of_medians", "review.audit.checks_of_groups",
                "article.row_checks"),
)
