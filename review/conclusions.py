"""The headline sentences of abstract and discussion: each a predicate and a wording for its truth.

A predicate looks at the rows alone and says whether the article's sentence holds on them: yes, no,
or not decidable because a value is not transcribed. The wording follows from the verdict, so a
sentence never outlives its data. The limits are the article's, read from data/claims.csv.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from .answers import keys
from .claims.printed import limit, said
from .claims.results_rwe import refractory_studies
from .data import Review
from .frames import groups, known
from .markdown import escape
from .sentences import LISTED, amount, between, counted, listed, named, share, word

Link = Callable[[str, str], str]
TRUTH = {True: "holds", False: "does not hold", None: "cannot be decided"}


class Noun(NamedTuple):
    """What is counted, one and many."""

    one: str
    many: str


TRIALS = Noun("clinical trial", "clinical trials")
REAL_WORLD = Noun("real-world study", "real-world studies")
STUDIES = Noun("study", "studies")


class UnsupportedSentence(ValueError):
    """A sentence of a chapter rests on a conclusion that the rows no longer support."""


@dataclass(frozen=True)
class Verdict:
    """What a predicate finds. holds: True, False, or None where the rows cannot decide it.

    because: the arithmetic in words. rows: keys of the rows looked at. words: the sentence that
    says it, given how to link words to a claim.
    """

    holds: bool | None
    because: str
    rows: tuple[str, ...]
    words: Callable[[Link], str]


@dataclass(frozen=True)
class Conclusion:
    """A headline sentence on one edition.

    conclusion_id: its name in the chapters. about: what it says, in a few words. truth: whether
    the article's sentence holds on the rows; None: they cannot decide it. sentence: Markdown.
    because: the arithmetic. claims: ids of the article's statements it restates. rows: keys of
    the rows it rests on.
    """

    conclusion_id: str
    about: str
    truth: bool | None
    sentence: str
    because: str
    claims: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Headline:
    """How a conclusion is reached: its predicate with what it says and the claims it restates."""

    conclusion_id: str
    about: str
    claims: tuple[str, ...]
    predicate: Callable[[Review], Verdict]


HEADLINES: dict[str, Headline] = {}


def headline(conclusion_id: str, about: str, *claims: str):
    """Ties a predicate to its name, its subject and the claims of the article it restates."""

    def tie(predicate: Callable[[Review], Verdict]):
        HEADLINES[conclusion_id] = Headline(conclusion_id, about, claims, predicate)
        return predicate

    return tie


def evaluate(r: Review) -> list[Conclusion]:
    """Every conclusion on `r`, in the order of HEADLINES."""
    return [conclude(name, r) for name in HEADLINES]


def conclude(conclusion_id: str, r: Review) -> Conclusion:
    """One conclusion on `r`; KeyError for a name not in HEADLINES."""
    head, verdict = HEADLINES[conclusion_id], _verdict(conclusion_id, r)
    return Conclusion(conclusion_id, head.about, verdict.holds, verdict.words(_plain),
                      verdict.because, head.claims, verdict.rows)


def say(conclusion_id: str, r: Review, link: Link | None = None) -> str:
    """The sentence that the rows of `r` support, as Markdown.

    link: makes words of the sentence a quote of the claim they restate (claim_id, words) ->
    Markdown; None leaves them as text.
    """
    return _verdict(conclusion_id, r).words(link or _plain)


def supported(conclusion_id: str, words: str, r: Review) -> str:
    """`words`, a chapter's own, that are true only while the conclusion holds.

    Raises UnsupportedSentence, which stops the render, once the rows say otherwise.
    """
    found = conclude(conclusion_id, r)
    if found.truth is not True:
        raise UnsupportedSentence(
            f"the sentence {words!r} rests on the conclusion {conclusion_id}, which "
            f"{TRUTH[found.truth]} on edition {r.name}: {found.because}. Rewrite the sentence in "
            "its chapter")
    return words


@lru_cache(maxsize=128)
def _verdict(conclusion_id: str, r: Review) -> Verdict:
    return HEADLINES[conclusion_id].predicate(r)


def _plain(claim_id: str, words: str) -> str:
    return escape(words)


# --- a limit that medians or rates are held to -------------------------------------------------


@dataclass(frozen=True, eq=False)
class Held:
    """Groups held to a limit, by what is known of them.

    above: at or above the limit. below: below it, by value or by a proven upper limit. open: the
    limit lies inside what is proven, or nothing is. unreached: no median was reached.
    """

    limit: float
    unit: str
    above: pd.DataFrame
    below: pd.DataFrame
    open: pd.DataFrame
    unreached: pd.DataFrame

    @property
    def decided(self) -> int:
        """Groups on one side of the limit or the other."""
        return len(self.above) + len(self.below)

    @property
    def rows(self) -> tuple[str, ...]:
        return keys(self.above, self.below, self.open, self.unreached)

    @property
    def limit_text(self) -> str:
        return amount(self.limit, self.unit)

    def studies(self, *parts: pd.DataFrame) -> int:
        return pd.concat([part["study_id"] for part in parts]).nunique()

    @property
    def low_studies(self) -> int:
        """Studies with every group proven below the limit."""
        rest = pd.concat([self.above["study_id"], self.open["study_id"]])
        return self.below.loc[~self.below["study_id"].isin(rest), "study_id"].nunique()

    @property
    def all_studies(self) -> int:
        return self.studies(self.above, self.below, self.open)

    @property
    def because(self) -> str:
        parts = [f"limit {self.limit_text}; at or above it: {_names(self.above) or 'none'}"]
        read = _read(self.below)
        if read.any():
            top = self.below.loc[self.below.loc[read, "value"].idxmax()]
            parts.append(f"highest value below it: {_named(top)}")
        if not read.all():
            parts.append(f"below it by a proven upper limit: {_labels(self.below[~read])}")
        if len(self.open):
            parts.append(f"not decidable: {_labels(self.open)}")
        if len(self.unreached):
            parts.append(f"not reached: {_labels(self.unreached)}")
        return "; ".join(parts)


def held(rows: pd.DataFrame, ceiling: float) -> Held:
    """Groups by their place against `ceiling` (months or percent, as the rows).

    A group that is not transcribed counts by the limits its row proves; one whose result is not
    reported counts nowhere.
    """
    read, bounded = _read(rows), rows["status"] == "not transcribed"
    least = rows["value"].where(read, rows["bound_low"].where(bounded))
    most = rows["value"].where(read, rows["bound_high"].where(bounded))
    above = (least >= ceiling).fillna(False)
    below = (most < ceiling).fillna(False)
    unreached = rows["status"].isin(["not reached", "not estimable"])
    unit = rows["unit"].iloc[0] if len(rows) else "months"
    return Held(ceiling, unit, rows[above], rows[below],
                rows[(read | bounded) & ~above & ~below], rows[unreached])


def _but(found: Held, exceptions: int) -> bool | None:
    """Whether all studies but `exceptions` stay below the limit; None where rows leave it open."""
    above, unsure = found.studies(found.above), found.studies(found.open)
    if above > exceptions or above + unsure < exceptions:
        return False
    if unsure or not found.all_studies:
        return None
    return True


# --- the headline sentences ---------------------------------------------------------------------


def _clinical_pfs(r: Review) -> Held:
    return held(groups(r, "pfs", "clinical"), limit(r, "DI-03"))


def _rwe_pfs(r: Review) -> Held:
    return held(groups(r, "pfs", "rwe"), limit(r, "DI-04"))


def _survival(r: Review) -> Held:
    return held(groups(r, "os"), limit(r, "DI-05"))


@headline("clinical-pfs-ceiling", "Median PFS in clinical trials: low in all but one", "DI-03")
def clinical_pfs_ceiling(r: Review) -> Verdict:
    """All clinical trials but as many as the abstract excepts have a median PFS below the limit."""
    return _ceiling(_clinical_pfs(r), int(said(r, "AB-17", 0)), "DI-03", "Median PFS", TRIALS)


@headline("rwe-pfs-ceiling", "Median PFS in real-world studies: low in all", "DI-04")
def rwe_pfs_ceiling(r: Review) -> Verdict:
    """Every real-world study has medians of PFS below the limit."""
    return _ceiling(_rwe_pfs(r), 0, "DI-04", "Median PFS", REAL_WORLD)


@headline("os-ceiling", "Median OS, where reached: low in all studies", "DI-05")
def os_ceiling(r: Review) -> Verdict:
    """Every median OS that was reached lies below the limit."""
    return _ceiling(_survival(r), 0, "DI-05", "Median OS, where it was reached,", STUDIES)


@headline("os-included-records", "Median OS in the included records themselves", "DI-06")
def os_included_records(r: Review) -> Verdict:
    """Every median OS of retreated patients seen in an included record lies below the limit, also
    where the review does not show it."""
    rows = groups(r, "os", use=None)
    found = held(rows[rows["therapy"] == "retreatment"], limit(r, "DI-06"))
    holds = _but(found, 0)

    def words(link: Link) -> str:
        under = link("DI-06", f"below {found.limit_text}")
        if holds:
            return ("The same holds for every median OS of retreated patients that was seen in "
                    f"an included record: all lie {under}.")
        if holds is None:
            return ("Whether every median OS of retreated patients in the included records lies "
                    f"{under} cannot be decided{_open(found)}.")
        n = len(found.above)
        return ("Among the included records themselves, also where the review does not show the "
                f"value, {counted(n, 'median', 'medians')} of retreated patients "
                f"{'is' if n == 1 else 'are'} not {under}: {_clocked(found.above)}.")

    return Verdict(holds, found.because, found.rows, words)


@headline("clinical-orr-floor", "Response in clinical trials: rare in all but two", "DI-07")
def clinical_orr_floor(r: Review) -> Verdict:
    """All clinical trials but as many as the discussion excepts respond below the limit."""
    found = held(groups(r, "orr", "clinical"), limit(r, "DI-07"))
    return _ceiling(found, int(said(r, "DI-07")), "DI-07", "The response rate", TRIALS)


@headline("refractoriness-gradient", "Shorter PFS where more patients are refractory",
          "R3.5-08", "DI-33")
def refractoriness_gradient(r: Review) -> Verdict:
    """The middle of the real-world medians of PFS is lower in groups of studies with more than
    the stated share of refractory patients than in the other groups.

    A value not transcribed lies anywhere between its proven limits, so each middle is a range; the
    order is decided only where the two ranges do not touch.
    """
    rows = groups(r, "pfs", "rwe")
    rows = rows[rows["status"].isin(["value", "not transcribed"])]
    high = rows["study_id"].isin(refractory_studies(r)["study_id"])
    threshold = amount(limit(r, "R3.5-08"), "percent")
    more, others = _middle(rows[high]), _middle(rows[~high])
    holds = None
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        holds = more[1] < others[0]
    because = "; ".join(
        f"{kind}: {_labels(part) or 'none'}, middle {_range(middle)}"
        for kind, part, middle in (
            (f"studies with more than {threshold} refractory", rows[high], more),
            ("other studies", rows[~high], others)))

    def words(link: Link) -> str:
        shorter = link("DI-33", "shorter")
        start = {
            True: f"Median PFS is {shorter} where more patients are refractory",
            False: f"Median PFS is not {shorter} where more patients are refractory",
            None: f"Whether median PFS is {shorter} where more patients are refractory cannot be "
                  "decided",
        }[holds]
        if not more or not others:
            return (f"{start}: there are not medians on both sides of {threshold} refractory "
                    "patients.")
        unread = "" if holds is not None else " while values stand only in a figure image"
        return (f"{start}{unread}: in {_groups_of(rows[high])} with more than {threshold} "
                f"refractory patients the middle of the medians is {_range(more)}, in "
                f"the others ({_groups_of(rows[~high])}) it is {_range(others)}.{_within(rows)}")

    return Verdict(holds, because, keys(rows) if len(rows) else (), words)


@headline("benefit-limited", "Outcomes vary and benefit is limited, also in refractory patients",
          "AB-25")
def benefit_limited(r: Review) -> Verdict:
    """The limits on PFS in trials, PFS in real-world studies and reached OS all hold, and PFS of
    real-world groups above the stated refractory share stays below the real-world limit too."""
    trials, real_world, survival = _clinical_pfs(r), _rwe_pfs(r), _survival(r)
    pfs, refractory_share = groups(r, "pfs", "rwe"), limit(r, "R3.5-08")
    refractory = held(pfs[(pfs["refractory_percent"] > refractory_share).fillna(False)],
                      real_world.limit)
    truths = {
        "PFS in trials": _but(trials, int(said(r, "AB-17", 0))),
        "real-world PFS": _but(real_world, 0),
        "reached OS": _but(survival, 0),
        "real-world PFS of refractory groups": _but(refractory, 0),
    }
    holds = False if False in truths.values() else None if None in truths.values() else True
    because = "; ".join(f"limit on {name} {TRUTH[truth]}" for name, truth in truths.items())
    rows = dict.fromkeys(key for part in (trials, real_world, survival) for key in part.rows)
    rates = {kind.many: known(groups(r, "orr", setting))
             for kind, setting in ((TRIALS, "clinical"), (REAL_WORLD, "rwe"))}

    def words(link: Link) -> str:
        limited = link("AB-25", "limited")
        start = {
            True: f"Outcomes vary and benefit is {limited}, in that the limits that the article "
                  "names hold",
            False: f"The article calls the benefit {limited}, and not all limits that it names "
                   "hold here",
            None: f"The article calls the benefit {limited}, and whether all limits that it names "
                  "hold here cannot be decided",
        }[holds]
        spread = [f"{between(found['value'].min(), found['value'].max(), 'percent')} in {many}"
                  for many, found in rates.items() if len(found)]
        spread = f" Response rates run from {listed(spread)}." if spread else ""
        return (f"{start}: median PFS is {_under(trials, TRIALS)} and "
                f"{_under(real_world, REAL_WORLD)}, and median OS, where it was reached, is "
                f"{_under(survival, STUDIES)}. In real-world groups with more than "
                f"{amount(refractory_share, 'percent')} refractory patients, median PFS is "
                f"{_under(refractory, STUDIES)}.{spread}")

    return Verdict(holds, because, tuple(rows), words)


# --- wording ------------------------------------------------------------------------------------


def _ceiling(found: Held, excepted: int, claim_id: str, subject: str, kind: Noun) -> Verdict:
    """The verdict on a limit that all studies but `excepted` are said to stay below."""

    def words(link: Link) -> str:
        under = link(claim_id, f"below {found.limit_text}")
        above = found.studies(found.above)
        told = f"{subject} is {under} in {_share(found, kind)}"
        if above:
            told += f"; the {'exception is' if above == 1 else 'exceptions are'} " + _names(
                found.above)
            if above != excepted:
                told += f", where the article excepts {word(excepted) if excepted else 'none'}"
        elif len(read := found.below[_read(found.below)]):
            told += f"; the highest is {_named(read.loc[read['value'].idxmax()])}"
        told += _open(found)
        if len(found.unreached):
            told += f"; it was not reached in {_labels(found.unreached)}"
        return f"{told}.{_bounded(found)}"

    return Verdict(_but(found, excepted), found.because, found.rows, words)


def _under(found: Held, kind: Noun) -> str:
    return f"below {found.limit_text} in {_share(found, kind)}"


def _share(found: Held, kind: Noun) -> str:
    return share(found.low_studies, found.all_studies, kind.one, kind.many)


def _bounded(found: Held) -> str:
    """That some groups count by proven limits and not by a value; empty where none does."""
    n = int((~_read(found.below)).sum())
    if not n:
        return ""
    these, are = ("this is an upper limit", "its value stands") if n == 1 else \
        ("these are upper limits", "their values stand")
    return (f" For {counted(n, 'group', 'groups')} of {word(found.decided)} {these} that "
            f"the article's ranges give, because {are} only in a figure image.")


def _open(found: Held) -> str:
    if found.open.empty:
        return ""
    return f"; it cannot be decided for {_labels(found.open)}, whose values are not transcribed"


def _read(rows: pd.DataFrame) -> pd.Series:
    """Which rows hold a value that may be used as one."""
    return (rows["status"] == "value") & (rows["kind"] != "bound")


def _named(row: pd.Series) -> str:
    return named(row["study"], _value(row))


def _value(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return between(row["bound_low"], row["bound_high"], row["unit"])
    return amount(row["value"], row["unit"], row["printed"])


def _names(rows: pd.DataFrame) -> str:
    """Studies with their values, the highest first."""
    return listed([_named(row) for _, row in _highest(rows).iterrows()], len(rows))


def _clocked(rows: pd.DataFrame) -> str:
    """Studies with their values and, where it is another one, the day they are counted from."""
    told = [f"{escape(row['study'])} gives {_value(row)}" + (
        "" if pd.isna(row["time_zero"]) else f" (counted from the {escape(row['time_zero'])})")
        for _, row in _highest(rows).iterrows()]
    return listed(told, len(rows))


def _highest(rows: pd.DataFrame) -> pd.DataFrame:
    # only what a sentence can list: a review of thousands has thousands of exceptions
    return rows.sort_values(["value", "study"], ascending=[False, True]).head(LISTED)


def _labels(rows: pd.DataFrame) -> str:
    return listed([escape(label) for label in rows["study"].unique()])


def _middle(rows: pd.DataFrame) -> tuple[float, float] | None:
    """Lowest and highest middle of medians that the known values and proven limits allow."""
    if rows.empty:
        return None
    read = _read(rows)
    low = rows["value"].where(read, rows["bound_low"]).astype(float).fillna(0)
    high = rows["value"].where(read, rows["bound_high"]).astype(float).fillna(np.inf)
    return float(low.median()), float(high.median())


def _range(middle: tuple[float, float] | None) -> str:
    if middle is None:
        return "none"
    low, high = middle
    return between(low, high, "months") if np.isfinite(high) else f"above {amount(low, 'months')}"


def _groups_of(rows: pd.DataFrame) -> str:
    n = rows["study_id"].nunique()
    studies = counted(n, STUDIES.one, STUDIES.many)
    return studies if len(rows) == n else f"{counted(len(rows), 'group', 'groups')} of {studies}"


def _within(rows: pd.DataFrame) -> str:
    """Studies that give both refractory and exposed, not refractory patients: the comparison that
    no difference between studies can disturb."""
    read = rows[["study_id", "study", "exposure", "value", "unit", "printed"]][_read(rows)]
    read = read.drop_duplicates(["study_id", "exposure"])
    both = read[read["exposure"] == "refractory"].merge(
        read[read["exposure"] == "exposed, not refractory"], on="study_id",
        suffixes=("", "_other"))
    if both.empty:
        return ""
    told = [f"{escape(row.study)}, {amount(row.value, row.unit, row.printed)} in refractory and "
            f"{amount(row.value_other, row.unit, row.printed_other)} in exposed, not refractory "
            "patients" for row in both.head(LISTED).itertuples()]
    return (f" Within {counted(len(both), 'study', 'studies')} that "
            f"{'gives' if len(both) == 1 else 'give'} both: {listed(told, len(both))}.")
