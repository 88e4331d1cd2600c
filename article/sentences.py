"""Sentences of Results and abstract that speak of what this review alone has."""

from __future__ import annotations

import pandas as pd

from article.vocabulary import VOCABULARY
from review.audit.conclusions import Link
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.views import known, results
from review.markdown import escape
from review.report.outcomes import short_range
from review.report.sentences import sentence
from review.wording import amount, counted, listed, share, word

MAIN_OUTCOMES = ("pfs", "os", "orr")
RWE = VOCABULARY.settings["rwe"]


@sentence("included")
def included(r: Review, link: Link) -> str:
    """How many reports, studies, trials and real-world studies this edition includes."""
    settings = [f"{word(int((r.studies['setting'] == code).sum()))} {one.many}"
                for code, one in VOCABULARY.settings.items()]
    return (f"This edition includes {link('AB-05', f'{len(r.reports):,}')} reports of "
            f"{link('AB-06', f'{len(r.studies):,}')} studies: {listed(settings)}.")


@sentence("abstract-outcomes")
def abstract_outcomes(r: Review, link: Link) -> str:
    """Ranges of the three main outcomes in both settings, with their owners."""
    told = []
    for code, setting in VOCABULARY.settings.items():
        ranges = [f"{_inside(outcome)} {short_range(r, outcome, code)}"
                  for outcome in MAIN_OUTCOMES]
        told.append(f"In the {setting.many}, {'; '.join(ranges)}.")
    return " ".join(told)


def _inside(outcome: str) -> str:
    """What is measured, as it stands inside a sentence."""
    measure = VOCABULARY.measure(outcome)
    return measure[0].lower() + measure[1:] if measure.startswith("Median") else measure


@sentence("designs")
def designs(r: Review, link: Link) -> str:
    """Designs of the studies in each setting."""
    parts = []
    for code, setting in VOCABULARY.settings.items():
        counts = r.studies.loc[r.studies["setting"] == code, "design"].value_counts(sort=False)
        kinds = [(int(n), escape(str(design))) for design, n in counts.items() if n]
        words = [f"{word(n)} {'is' if n == 1 else 'are'} {kind}" for n, kind in kinds]
        parts.append(f"of the {setting.many}, {listed(words)}" if words
                     else f"there are no {setting.many}")
    told = "; ".join(parts)
    return f"{told[0].upper()}{told[1:]}."


@sentence("naive-comparisons")
def naive_comparisons(r: Review, link: Link) -> str:
    """Response of naive patients beside that of the retreated patients of the same report."""
    rows = results(r)
    rates = rows[(rows["outcome"] == "orr") & (rows["use"] != "context")]
    naive = rates[(rates["use"] == "comparator") & (rates["exposure"] == "naive")]
    studies = counted(naive["study_id"].nunique(), "study", "studies")
    if naive.empty:
        return "No study compares retreated with naive patients."
    lines = []
    for report, group in naive.groupby("report_id", sort=False):
        retreated = rates[(rates["report_id"] == report) & (rates["use"] == "synthesis")]
        cited = group["citekey"].iloc[0]
        study = escape(str(group["study"].iloc[0]))
        lines.append(f"{study}, {_rates(retreated)} after retreatment against {_rates(group)} in "
                     f"naive patients [@{cited}]")
    return (f"Retreated and naive patients are compared in {link('R3.5-36', studies)}: "
            f"{'; '.join(lines)}.")


def _rates(rows: pd.DataFrame) -> str:
    values = [amount(row["value"], "percent", row["printed"])
              for _, row in known(rows).iterrows()]
    unknown = len(rows) - len(values)
    if unknown and values:
        return f"{listed(values)} (and {word(unknown)} not known)"
    return listed(values) or "a rate that is not transcribed"


@sentence("availability")
def availability(r: Review, link: Link) -> str:
    """How many real-world studies report all main outcomes, and which report none of them."""
    reporting = [set(outcome_rows(r, outcome, "rwe").reported["study_id"])
                 for outcome in MAIN_OUTCOMES]
    studies = r.studies[r.studies["setting"] == "rwe"]
    everything = set.intersection(*reporting)
    silent = studies[~studies["study_id"].isin(set.union(*reporting))]
    names = f" ({listed([escape(str(label)) for label in silent['label']])})" if len(silent) else ""
    told = link("R3.5-46", share(len(everything), len(studies), RWE.one, RWE.many))
    none = link("R3.5-45", counted(len(silent), RWE.one, RWE.many))
    return (f"All three of PFS, OS and ORR are reported for {told}, and none of the three for "
            f"{none}{names}.")
