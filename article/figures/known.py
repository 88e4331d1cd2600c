"""What is known of each study, outcome by outcome."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from article.figures import narrow_synthesis
from article.figures.words import counted, listed
from article.vocabulary import VOCABULARY
from review.audit.displays import Figure
from review.dataset import states as said
from review.dataset.load import Review
from review.dataset.views import Record, as_frame, as_records, described_records, result_records

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "What is known of each study"
# columns of the matrix: outcomes by code, and two things that are no outcome of the results figures
OUTCOMES = ("pfs", "os", "orr", "cr_or_better")
COMPARISON, INTERVAL = "comparison", "interval"
HEADS = {**{code: VOCABULARY.outcome_label(code) for code in OUTCOMES},
         COMPARISON: "Comparison", INTERVAL: "Interval"}
HEADS["cr_or_better"] = "CR"
REPORTED, LIMITS, CITED, MISSING, NONE = (
    "reported", "limits only", "cited only", "not reported", "not an outcome")
# from the most to the least that may be known
STATES = (REPORTED, LIMITS, CITED, MISSING, NONE)
LETTERS = {REPORTED: "R", LIMITS: "L", CITED: "c", MISSING: "–", NONE: ""}
OF_STATE = {said.VALUE: REPORTED, said.NOT_REACHED: REPORTED, said.NOT_ESTIMABLE: REPORTED,
            said.LIMITS: LIMITS, said.NOT_TRANSCRIBED: CITED, said.NOT_REPORTED: MISSING}


def known_rows(r: Review) -> pd.DataFrame:
    """One row a study and column, with its state; `patients` of the groups that report it.

    A median that was not reached is reported. comparison: a group without the therapy, or naive to
    it, whose result stands beside that of a retreated group; a study without such a group has no
    such outcome. interval: the time since the earlier antibody. patients: the sum of the sizes that
    are stated for groups with a value, not reached included; <NA> where none is.
    """
    results_of = _by_study(result_records(r))
    times_of = _by_study(row for row in described_records(r)
                         if row["characteristic"] == "time_off_anti_cd38")
    records = []
    studies = r.studies.sort_values(["setting", "table_position"], kind="stable")
    for study in as_records(studies):
        own = results_of.get(study["study_id"], [])
        drawn = [row for row in own if row["use"] == "synthesis"]
        outcomes = {row["outcome"] for row in drawn}
        for code in HEADS:
            more: list[Record] = []
            if code == COMPARISON:
                part = [row for row in own
                        if row["use"] == "comparator" and row["outcome"] in outcomes]
            elif code == INTERVAL:
                part = [row for row in drawn if row["outcome"] == "time_to_retreatment"]
                more = times_of.get(study["study_id"], [])
            else:
                part = [row for row in drawn if row["outcome"] == code]
            state = _best([*part, *more], NONE if code == COMPARISON else MISSING)
            sizes = [row["n_total"] for row in part if row["n_total"] is not None
                     and row["state"] in (said.VALUE, said.NOT_REACHED)]
            records.append({
                "study_id": study["study_id"], "study": study["label"],
                "setting": study["setting"],
                "column": HEADS[code], "state": state, "letter": LETTERS[state],
                "patients": sum(sizes) if sizes else None,
                "source_id": study["source_id"], "locator": study["locator"]})
    names = ["study_id", "study", "setting", "column", "state", "letter", "patients",
             "source_id", "locator"]
    return as_frame(records, names, {"patients": "Int64"})


def _by_study(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row["study_id"], []).append(row)
    return found


def _best(rows: Iterable[Record], otherwise: str) -> str:
    found = {OF_STATE[row["state"]] for row in rows}
    return next((state for state in STATES if state in found), otherwise)


def totals(rows: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int, int]]:
    """By setting and column: studies with a result (reported or limits or cited), studies with a
    reported one, and patients behind those."""
    found = {}
    for (setting, column), part in rows.groupby(["setting", "column"], sort=False):
        some = part["state"].isin([REPORTED, LIMITS, CITED])
        found[str(setting), str(column)] = (
            int(some.sum()), int((part["state"] == REPORTED).sum()),
            int(part["patients"].fillna(0).sum()))
    return found


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: by setting and column, how many studies in which state."""
    if rows.empty:
        return f"{TITLE}: no study is included."
    sentences = [f"{TITLE}: a matrix of {counted(rows['study_id'].nunique(), 'study', 'studies')} "
                 f"by {counted(rows['column'].nunique(), 'column')}."]
    for setting, part in rows.groupby("setting", sort=False):
        told = []
        for column, cells in part.groupby("column", sort=False):
            states = cells["state"].value_counts()
            told.append(f"{column} " + ", ".join(
                f"{states[state]} {state}" for state in STATES if state in states.index))
        sentences.append(f"{VOCABULARY.settings[str(setting)].title}: {listed(told)}.")
    return " ".join(sentences)


def finding(rows: pd.DataFrame) -> str:
    """For each outcome, how many of the studies with a result report it, not its limits alone."""
    sentences = []
    found = totals(rows)
    for setting in dict.fromkeys(rows["setting"]):
        counts = {HEADS[code]: found[setting, HEADS[code]] for code in OUTCOMES}
        told = [f"{head} {reported} of {some}"
                for head, (some, reported, _) in counts.items() if some]
        if told:
            sentences.append(f"{VOCABULARY.settings[setting].title}: {', '.join(told)}.")
    return " ".join(["Studies that report a result, of those of which anything is known.",
                     *sentences]) \
        if sentences else ""


def draw(rows: pd.DataFrame) -> Drawing:
    """The matrix, drawn with seaborn: a letter and a shade in each cell."""
    from article.figures import theme
    from article.figures.matrix import draw as matrix

    with theme.style():
        return theme.nothing() if rows.empty else matrix(rows, totals(rows), LETTERS)


COLUMNS: dict[str, Any] = {"column": "", "state": "", "patients": "patients "}
known = Figure("fig-known", TITLE, known_rows, draw, describe, COLUMNS,
               finding=finding, narrow=narrow_synthesis.known)
