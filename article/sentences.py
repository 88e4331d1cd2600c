"""Sentences of Results and abstract that speak of what this review alone has."""

from __future__ import annotations

from article.vocabulary import VOCABULARY
from review.audit.conclusions import Link
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.states import NOT_REPORTED, VALUE
from review.dataset.views import Record, group_records
from review.markdown import escape
from review.report.outcomes import inside, short_range
from review.report.sentences import sentence
from review.wording import amount, capital, counted, listed, reports, share, word

MAIN_OUTCOMES = ("pfs", "os", "orr")
RWE = VOCABULARY.settings["rwe"]


@sentence("included")
def included(r: Review, link: Link) -> str:
    """How many reports, studies, trials and real-world studies this edition includes."""
    settings = [counted(int((r.studies["setting"] == code).sum()), noun.one, noun.many)
                for code, noun in VOCABULARY.settings.items()]
    reports, studies = len(r.reports), len(r.studies)
    return (f"This edition includes {link('AB-05', f'{reports:,}')} "
            f"{'report' if reports == 1 else 'reports'} of {link('AB-06', f'{studies:,}')} "
            f"{'study' if studies == 1 else 'studies'}: {listed(settings)}.")


@sentence("abstract-outcomes")
def abstract_outcomes(r: Review, link: Link) -> str:
    """Ranges of the three main outcomes in both settings, with their owners."""
    told = []
    for code, setting in VOCABULARY.settings.items():
        ranges = [f"{inside(VOCABULARY.measure(outcome))} {short_range(r, outcome, code)}"
                  for outcome in MAIN_OUTCOMES]
        told.append(f"In the {setting.many}, {'. '.join([ranges[0], *map(capital, ranges[1:])])}.")
    return " ".join(told)


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
    return f"{capital('; '.join(parts))}."


@sentence("naive-comparisons")
def naive_comparisons(r: Review, link: Link) -> str:
    """Response of naive patients beside that of the retreated patients of the same report.

    A report that gives the rate of one side alone compares nothing and is not told.
    """
    naive: dict[tuple[str, str | None], list[Record]] = {}
    retreated_of: dict[tuple[str, str | None], list[Record]] = {}
    for row in group_records(r, "orr", use=None):
        side = naive if (row["use"], row["exposure"]) == ("comparator", "naive") else \
            retreated_of if row["use"] == "synthesis" else None
        if side is not None and row["state"] != NOT_REPORTED:
            side.setdefault((row["study_id"], row["report_id"]), []).append(row)
    lines, studies = [], set()
    for (study, report), group in naive.items():
        if not (retreated := retreated_of.get((study, report))):
            continue
        studies.add(study)
        cited = "" if group[0]["citekey"] is None else f" [@{group[0]['citekey']}]"
        name = escape(group[0]["study"])
        after, before = _rates(retreated), _rates(group)
        if after or before:
            unknown = "a rate that is not known"
            lines.append(f"In {name}, ORR was {after or unknown} after retreatment and "
                         f"{before or unknown} in naive patients{cited}.")
        else:
            lines.append(f"In {name}, neither rate is known here{cited}.")
    if not lines:
        return "No study compares retreated with naive patients."
    told = link("R3.5-36", capital(counted(len(studies), "study", "studies")))
    verb = "compares" if len(studies) == 1 else "compare"
    return " ".join([f"{told} {verb} retreated with naive patients.", *lines])


def _rates(rows: list[Record]) -> str:
    """The rates of groups; empty where none is known."""
    values = [amount(row["value"], "percent", row["printed"])
              for row in rows if row["state"] == VALUE]
    unknown = len(rows) - len(values)
    if unknown and values:
        return f"{listed(values)} (and {word(unknown)} not known)"
    return listed(values)


@sentence("availability")
def availability(r: Review, link: Link) -> str:
    """How many real-world studies report all main outcomes, and which report none of them."""
    reporting = [{row["study_id"] for row in outcome_rows(r, outcome, "rwe").told}
                 for outcome in MAIN_OUTCOMES]
    studies = r.studies[r.studies["setting"] == "rwe"]
    everything = set.intersection(*reporting)
    silent = studies[~studies["study_id"].isin(set.union(*reporting))]
    told = link("R3.5-46", capital(share(len(everything), len(studies), RWE.one, RWE.many)))
    start = f"{told} {reports(len(everything))} PFS, OS and ORR"
    if silent.empty:
        return f"{start}."
    names = listed([escape(str(label)) for label in silent["label"]])
    return (f"{start}; {names} {reports(len(silent))} "
            f"{link('R3.5-45', 'none of them')}.")
