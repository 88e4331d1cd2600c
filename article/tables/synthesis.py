"""Tables of the synthesis: ranges with what stands behind them, the gate, and what moves them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from article.synthesis.gates import gate_words, pooled_words
from article.synthesis.variants import kept, variants
from article.tables.style import plain_table
from article.vocabulary import VOCABULARY
from review.audit import conclusions
from review.audit.displays import Table
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.states import VALUE
from review.synthesis.evidence import evidence
from review.synthesis.leave_out import changes, record
from review.synthesis.pooling import Stratum, pooled, strata
from review.synthesis.ranges import End, Range, known_range
from review.synthesis.selection import Selection
from review.wording import listed

if TYPE_CHECKING:
    from great_tables import GT

MAIN = ("pfs", "os", "orr")
SETTINGS = VOCABULARY.settings


def title_of(code: str, setting: str) -> str:
    """An outcome in a setting, as a head of lines: "Median PFS, clinical trials"."""
    return f"{VOCABULARY.measure(code)}, {SETTINGS[setting].many}"


def ranges_rows(r: Review) -> pd.DataFrame:
    """One line an outcome and setting: groups, values, both ends with their owners, patients."""
    return pd.DataFrame([_range_row(known_range(outcome_rows(r, code, setting)))
                         for code in MAIN for setting in SETTINGS])


def ranges_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line an outcome and setting."""
    shown = rows[["name", "known", "lowest", "highest", "patients", "abstracts", "middle"]]
    return plain_table(shown, "tbl-ranges").cols_label(
        name="Outcome", known="Groups with a value", lowest="Lowest", highest="Highest",
        patients="Patients behind", abstracts="Ends known from abstracts alone",
        middle="Middle of the medians")


def _range_row(one: Range) -> dict[str, Any]:
    unsized = one.values - one.sized
    ends = [name for name, end in (("lowest", one.low), ("highest", one.high))
            if end is not None and end.abstract_only]
    # the rate of a middle group is no more a summary than that of any other
    middle = "–" if VOCABULARY.outcomes[one.outcome].statistic != "median" else (
        "not told: time zero and patients differ" if one.most_known else
        "not told: known for fewer than half of the groups")
    unreached = f", {one.unreached} not reached" if one.unreached else ""
    return {
        "name": title_of(one.outcome, one.setting), "outcome": one.outcome,
        "known": f"{one.values} of {one.groups}{unreached}",
        "lowest": end_words(one.low), "highest": end_words(one.high),
        "patients": f"{one.patients:,}" + (f" (size of {unsized} not stated)" if unsized else ""),
        "abstracts": listed(ends) or "neither", "middle": middle}


def end_words(end: End | None) -> str:
    """One end of a range with who sets it."""
    return "none known" if end is None else f"{end.text} ({listed(list(end.owners))})"


def gate_rows(r: Review) -> pd.DataFrame:
    """One line a stratum of the response rate: what is known, the gate, the identified set."""
    return pd.DataFrame([
        {"setting": SETTINGS[setting].title, **_stratum_row(one)}
        for setting in SETTINGS for one in strata(outcome_rows(r, "orr", setting))],
        columns=["setting", "name", "groups", "known", "classes", "named", "gate", "pooled",
                 "crude", "patients"])


def gate_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a stratum, under its setting."""
    shown = rows[["setting", "name", "known", "classes", "gate", "pooled", "crude"]]
    return plain_table(shown, "tbl-gate", group_by="setting").cols_label(
        name="Stratum", known="n and N known", classes="Classes", gate="Gate",
        pooled="Pooled rate", crude="Crude rate of all: identified set")


def _stratum_row(one: Stratum) -> dict[str, Any]:
    letters = sorted(Counter(known.letter for known in one.known).items())
    limits, found = one.identified.percent, pooled(one)
    crude = "not bounded: no size is known" if limits is None else (
        f"{one.identified.least:,} to {one.identified.most:,} of {one.identified.patients:,}: "
        f"{limits[0]:.1f} to {limits[1]:.1f}%" if one.identified.least != one.identified.most else
        f"{one.identified.least:,} of {one.identified.patients:,}: {limits[0]:.1f}%")
    left = one.identified.unsized
    return {
        "name": one.name, "groups": one.gate.groups,
        "known": f"{one.gate.known} of {one.gate.groups}",
        "classes": ", ".join(f"{letter} {n}" for letter, n in letters),
        "named": listed(list(one.gate.named)) or "none", "gate": gate_words(one),
        "pooled": pooled_words(found),
        "crude": crude + (f"; {left} without a size left out" if left and limits else ""),
        "patients": one.identified.patients}


def sensitivity_rows(r: Review) -> pd.DataFrame:
    """Each known range under each analysis: ends with their owners, and values left."""
    records, analyses = [], variants(r)
    for code in MAIN:
        for setting in SETTINGS:
            whole: tuple[str, str] | None = None
            for one in analyses:
                found = kept(r, one, code, setting)
                ends = end_words(found.low), end_words(found.high)
                whole = whole or ends
                records.append({
                    "range": title_of(code, setting), "outcome": code, "setting": setting,
                    "label": one.about, "lowest": ends[0], "highest": ends[1],
                    "values": found.values,
                    "groups": found.groups, "left": f"{found.values} of {found.groups}",
                    "moved": "" if ends == whole else "●"})
    return pd.DataFrame(records)


def sensitivity_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line an analysis that changes something, under its range."""
    return plain_table(_folded(rows), "tbl-sensitivity", group_by="range").cols_label(
        label="Analysis", lowest="Lowest", highest="Highest", left="Values of groups",
        moved="An end moves").cols_width({"label": "38%", "lowest": "22%", "highest": "22%",
                                          "left": "10%", "moved": "8%"})


def _folded(rows: pd.DataFrame) -> pd.DataFrame:
    """The lines of the table: analyses that change nothing of a range, neither an end nor how many
    values and groups are left, share the line of all its groups."""
    told = ["range", "lowest", "highest", "left", "moved"]
    lines = []
    for _, part in rows.groupby("range", sort=False):
        whole, *others = part.to_dict("records")
        same = [one["label"] for one in others if all(one[name] == whole[name] for name in told)]
        label = f"{whole['label']}. The same: {'; '.join(same)}" if same else whole["label"]
        lines += [whole | {"label": label}, *(one for one in others if one["label"] not in same)]
    return pd.DataFrame(lines)[["range", "label", *told[1:]]]


def leave_one_out_rows(r: Review) -> pd.DataFrame:
    """One line a study: ends of ranges and headline verdicts that change without it.

    An end that another study has too stays what it is.
    """
    known = evidence(r)
    whole = record(known, Selection())
    about = {name: head.about for name, head in conclusions.headlines(r.contents).items()}
    records = []
    for study in known["studies"]:
        after = record(known, Selection(frozenset({study["id"]})))
        ends, verdicts = [], []
        for name, old, new in changes(whole, after):
            if name in about:
                verdicts.append(f"{about[name]}: {old} → {new}")
            elif (old and old["text"]) != (new and new["text"]):
                code, end = name.rsplit(" ", 1)
                ends.append(f"{range_title(code)}, {END[end]}: {_plain(old)} → {_plain(new)}")
        records.append({"study_id": study["id"], "study": study["label"],
                        "setting": SETTINGS[study["setting"]].title,
                        "ends": "; ".join(ends) or "none", "headlines": "; ".join(verdicts)
                        or "none"})
    return pd.DataFrame(records, columns=["study_id", "study", "setting", "ends", "headlines"])


def leave_one_out_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a study, under its setting."""
    shown = rows[["setting", "study", "ends", "headlines"]]
    return plain_table(shown, "tbl-leave-one-out", group_by="setting").cols_label(
        study="Without", ends="Ends of ranges that change",
        headlines="Headline verdicts that change")


def certainty_rows(r: Review) -> pd.DataFrame:
    """What can be computed for each outcome and setting; the judgement is left open."""
    return pd.DataFrame([_certainty_row(r, code, setting) for code in MAIN
                         for setting in SETTINGS])


def certainty_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line an outcome and setting."""
    shown = rows[["name", "behind", "sizes", "abstracts", "spread", "direct", "judgement"]]
    return plain_table(shown, "tbl-certainty").cols_label(
        name="Outcome", behind="Studies, groups", sizes="Patients of groups with a value",
        abstracts="Values known from abstracts alone", spread="Spread",
        direct="Groups of retreated patients alone", judgement="Certainty")


def _certainty_row(r: Review, code: str, setting: str) -> dict[str, Any]:
    outcome = outcome_rows(r, code, setting)
    known, values = known_range(outcome), outcome.said(VALUE)
    abstracts = sum(row["report_type"] == "abstract" for row in values)
    # a group that holds patients without an earlier antibody answers another question in part
    alone = sum(row["mixed_population"] not in ("share", "not reported") for row in values)
    spread = "none known" if known.low is None or known.high is None else (
        known.low.text if known.low.text == known.high.text else
        f"{known.low.text} to {known.high.text}")
    return {
        "name": title_of(code, setting), "outcome": code,
        "behind": f"{known.studies}, {known.groups}",
        "sizes": f"{known.patients:,}" if known.sized else "none stated",
        "abstracts": f"{abstracts} of {len(values)}", "spread": spread,
        "direct": f"{alone} of {len(values)}", "judgement": OPEN}


OPEN = "open: for a named appraiser"
END = {"low": "lowest", "high": "highest"}


def range_title(name: str) -> str:
    """The name of a range in a record, in words."""
    code, setting = name.rsplit("-", 1)
    words = VOCABULARY.measure(code) if code in VOCABULARY.outcomes else \
        VOCABULARY.characteristics[code].label
    return f"{words}, {SETTINGS[setting].many}"


def _plain(end: dict[str, Any] | None) -> str:
    return "none known" if end is None else f"{end['text']} ({listed(end['owners'])})"


ranges = Table("tbl-ranges", "Ranges with what stands behind them", ranges_rows, ranges_table, {
    "known": "groups with a value ", "lowest": "lowest ", "highest": "highest ",
    "patients": "patients "})
gate = Table("tbl-gate", "The gate to a pooled response rate", gate_rows, gate_table, {
    "known": "n and N known ", "classes": "classes ", "gate": "gate ", "pooled": "pooled ",
    "crude": "crude "})
sensitivity = Table("tbl-sensitivity", "Ranges under sensitivity analyses", sensitivity_rows,
                    sensitivity_table, {
    "range": "", "lowest": "lowest ", "highest": "highest ", "left": "values "})
leave_one_out = Table("tbl-leave-one-out", "What changes without one study", leave_one_out_rows,
                      leave_one_out_table, {
    "ends": "ends ", "headlines": "headlines "})
certainty = Table("tbl-certainty", "What can be computed for certainty", certainty_rows,
                  certainty_table, {
    "behind": "studies, groups ", "sizes": "patients ", "abstracts": "from abstracts ",
    "spread": "", "direct": "direct ", "judgement": ""})
