"""Medians and rates beside a limit: which groups lie above or below it, and the words for it.

The limits are the article's, read from data/claims.csv. What is not transcribed counts by the
limits its row proves, and a median that was not reached by the time for which it was not; what is
not reported counts nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from article.ordered import own_range
from article.vocabulary import VOCABULARY
from review.audit.answers import record_keys
from review.audit.conclusions import Link, Verdict
from review.audit.outcomes import at_ends
from review.dataset.states import LIMITS, NOT_ESTIMABLE, NOT_REACHED, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record
from review.markdown import escape
from review.wording import LISTED, amount, between, counted, listed, named, share, word


class Noun(NamedTuple):
    """What is counted, one and many."""

    one: str
    many: str


TRIALS, REAL_WORLD = (Noun(setting.one, setting.many) for setting in
                      (VOCABULARY.settings["clinical"], VOCABULARY.settings["rwe"]))
STUDIES = Noun("study", "studies")
# how a sentence tells that a group has no median
WITHOUT_MEDIAN = {NOT_REACHED: "was not reached", NOT_ESTIMABLE: "could not be estimated"}
Rows = Sequence[Record]


@dataclass(frozen=True, eq=False)
class AgainstLimit:
    """Groups beside a limit, by what is known of them.

    above: at or above the limit. below: below it, by value or by a proven upper limit. open: the
    limit lies inside what is proven, or nothing is. unreached: no median could be estimated, or
    none was reached where the limit is for those that were. reached: whether it is for those alone.
    ranged: those of `below` that only the article's own range holds there, which shows nothing by
    itself.
    """

    limit: float
    reached: bool
    unit: str
    above: Rows
    below: Rows
    open: Rows
    unreached: Rows
    ranged: Rows

    @property
    def decided(self) -> int:
        """Groups on one side of the limit or the other."""
        return len(self.above) + len(self.below)

    @property
    def rows(self) -> tuple[str, ...]:
        """Keys of the rows of all groups, in whichever part they are."""
        return record_keys(self.above, self.below, self.open, self.unreached)

    @property
    def limit_text(self) -> str:
        """The limit with its unit: "12 months", "50%"."""
        return amount(self.limit, self.unit)

    def studies(self, *parts: Rows) -> int:
        """How many studies the groups in some of these parts belong to."""
        return len({row["study_id"] for part in parts for row in part})

    @property
    def without_median(self) -> dict[str, Rows]:
        """The groups of `unreached` by their state, NOT_REACHED or NOT_ESTIMABLE; no empty part."""
        parts = {state: [row for row in self.unreached if row["state"] == state]
                 for state in (NOT_REACHED, NOT_ESTIMABLE)}
        return {state: part for state, part in parts.items() if part}

    @property
    def low_studies(self) -> int:
        """Studies with every group proven below the limit."""
        rest = {row["study_id"] for part in (self.above, self.open) for row in part}
        return len({row["study_id"] for row in self.below} - rest)

    @property
    def all_studies(self) -> int:
        """Studies with a group above, below or undecided."""
        return self.studies(self.above, self.below, self.open)

    @property
    def because(self) -> str:
        """The arithmetic in words: who is above, the highest below, what cannot be decided."""
        parts = [f"limit {self.limit_text}; "
                 f"at or above it: {values_by_study(self.above) or 'none'}"]
        read, limited = with_value(self.below), without_value(self.below)
        if read:
            parts.append(f"highest value below it: {listed(highest(read))}")
        if limited:
            parts.append(f"below it by a proven upper limit: {study_names(limited)}")
        if len(self.ranged):
            parts.append(f"below it by the article's own range alone: {study_names(self.ranged)}")
        if len(self.open):
            parts.append(f"not decidable: {study_names(self.open)}")
        parts += [f"{state}: {study_names(part)}" for state, part in self.without_median.items()]
        return "; ".join(parts)


def against_limit(rows: Rows, ceiling: float, reached: bool = False) -> AgainstLimit:
    """Groups by their place against `ceiling` (months or percent, as the rows).

    A group without a value counts by the limits that its row proves; one whose result is not
    reported counts nowhere. A median that was not reached is longer than any time for which that
    is known, and may be as long as you like. reached: the limit is for medians that were reached,
    so that the others count nowhere either.
    """
    above: list[Record] = []
    below: list[Record] = []
    open_: list[Record] = []
    unreached: list[Record] = []
    ranged: list[Record] = []
    for row, own in zip(rows, own_range(rows), strict=True):
        state = row["state"]
        limited = state in (LIMITS, NOT_TRANSCRIBED)
        longer = state == NOT_REACHED and not reached
        if state in (NOT_REACHED, NOT_ESTIMABLE) and not longer:
            unreached.append(row)
        elif state == VALUE or limited or longer:
            least = row["value" if state == VALUE else "bound_low"]
            most = None if longer else row["value" if state == VALUE else "bound_high"]
            over = least is not None and least >= ceiling
            under = most is not None and most < ceiling
            above += [row] * over
            below += [row] * under
            ranged += [row] * (under and own)
            open_ += [row] * (not over and not under)
    unit = rows[0]["unit"] if rows else "months"
    return AgainstLimit(ceiling, reached, unit, above, below, open_, unreached, ranged)


def all_below_but(against: AgainstLimit, exceptions: int) -> bool | None:
    """Whether all studies but `exceptions` stay below the limit; None where rows leave it open, or
    where the article's own range is all that holds a group below."""
    above, unsure = against.studies(against.above), against.studies(against.open)
    if above > exceptions or above + unsure < exceptions:
        return False
    if unsure or len(against.ranged) or not against.all_studies:
        return None
    return True


def ceiling_verdict(against: AgainstLimit, excepted: int, claim_id: str, subject: str,
                    kind: Noun) -> Verdict:
    """The verdict on a limit that all studies but `excepted` are said to stay below."""

    def words(link: Link) -> str:
        under = link(claim_id, f"below {against.limit_text}")
        above = against.studies(against.above)
        sentence = f"{subject} is {under} in {share_below(against, kind)}"
        if above:
            sentence += (f"; the {'exception is' if above == 1 else 'exceptions are'} "
                         f"{values_by_study(against.above)}")
            if above != excepted:
                sentence += f", where the article excepts {word(excepted) if excepted else 'none'}"
        elif read := with_value(against.below):
            top = highest(read)
            sentence += f"; the highest {'is' if len(top) == 1 else 'are'} {listed(top)}"
        if len(against.open):
            sentence += f"; it cannot be decided for {undecided(against)}"
        for state, part in against.without_median.items():
            sentence += f"; it {WITHOUT_MEDIAN[state]} in {study_names(part)}"
        return f"{sentence}.{bounds_counted(against)}"

    return Verdict(all_below_but(against, excepted), against.because, against.rows, words)


def below_in(against: AgainstLimit, kind: Noun) -> str:
    """"below 12 months in all six clinical trials"; "(not decided for one)" after it, where some
    study has no group above the limit and one that cannot be placed."""
    above = {row["study_id"] for row in against.above}
    n = len({row["study_id"] for row in against.open} - above)
    unsure = f" (not decided for {word(n)})" if n else ""
    return f"below {against.limit_text} in {share_below(against, kind)}{unsure}"


def share_below(against: AgainstLimit, kind: Noun) -> str:
    """How many studies have every group below the limit, of those that report a median."""
    if not against.all_studies:
        return f"no {kind.one}, as no result is known"
    if len(against.open) and against.low_studies:
        # "all but one" would say of a study that cannot be placed that it lies above the limit
        return f"{word(against.low_studies)} of {word(against.all_studies)} {kind.many}"
    return share(against.low_studies, against.all_studies, kind.one, kind.many)


def bounds_counted(against: AgainstLimit) -> str:
    """That some groups count by proven limits and not by a value; empty where none does."""
    n = len(without_value(against.below))
    if not n:
        return ""
    ranged = len(against.ranged)
    own = "" if not ranged else (
        ", taken from the article's own range" if ranged == n else
        f", for {word(ranged)} of them taken from the article's own range")
    placed = " that can be placed" if len(against.open) else ""
    return (f" For {counted(n, 'group', 'groups')} of {word(against.decided)}{placed} only an "
            f"upper limit is known{own}.")


def undecided(against: AgainstLimit) -> str:
    """The studies with groups that cannot be placed, and why, as the end of a sentence."""
    longer = [row for row in against.open if row["state"] == NOT_REACHED]
    others = [row for row in against.open if row["state"] != NOT_REACHED]
    reasons = ((others, "no value is known that would decide it"), (longer, "it was not reached"))
    return " and for ".join(f"{study_names(part)}, where {reason}"
                            for part, reason in reasons if part)


def more_refractory(rows: Rows, share_of: float) -> list[Record]:
    """The groups with more than a share of refractory patients, in percent."""
    return [row for row in rows
            if row["refractory_percent"] is not None and row["refractory_percent"] > share_of]


def with_value(rows: Rows) -> list[Record]:
    """The rows that hold a value that may be used as one."""
    return [row for row in rows if row["state"] == VALUE]


def without_value(rows: Rows) -> list[Record]:
    """The others."""
    return [row for row in rows if row["state"] != VALUE]


def highest(rows: Rows) -> list[str]:
    """Every study that has the highest value, with it."""
    top: dict[str, Record] = {}
    for row in at_ends(rows)[1]:
        top.setdefault(row["study_id"], row)
    return [named(row["study"], value_text(row)) for row in top.values()]


def value_text(row: Record) -> str:
    """The value of a group, or what is known of it where there is none."""
    low, high, unit = row["bound_low"], row["bound_high"], row["unit"]
    if row["value"] is not None:
        return amount(row["value"], unit, row["printed"])
    if high is None:
        longer = "not reached, " if row["state"] == NOT_REACHED else ""
        return f"{longer}at least {amount(low, unit)}"
    return between(low, high, unit) if low is not None else f"at most {amount(high, unit)}"


def values_by_study(rows: Rows) -> str:
    """Studies with their values, the highest first; several groups of a study stand together, each
    with its name."""
    told = []
    for study in dict.fromkeys(row["study"] for row in highest_first(rows)):
        own = sorted((row for row in rows if row["study"] == study), key=_from_high)
        values = [value_text(row) + (f" in group “{escape(row['arm'])}”" if len(own) > 1 else "")
                  for row in own]
        told.append(named(study, listed(values)))
    return listed(told)


def values_with_clock(rows: Rows) -> str:
    """Studies with their values and, where it is another one, the day they are counted from."""
    several = Counter(row["study"] for row in rows)
    # only what a sentence can list: a review of thousands has thousands of exceptions
    return listed([_with_clock(row, several[row["study"]] > 1)
                   for row in highest_first(rows)[:LISTED]], len(rows))


def _with_clock(row: Record, several: bool) -> str:
    group = f", group “{escape(row['arm'])}”," if several else ""
    text = f"{escape(row['study'])}{group} gives {value_text(row)}"
    clock = row["time_zero"]
    return text if clock is None else f"{text} (counted from the {escape(clock)})"


def highest_first(rows: Rows) -> list[Record]:
    """The rows from the highest value to the lowest, and of one value by their study; those
    without a value last."""
    return sorted(rows, key=lambda row: (*_from_high(row), row["study"]))


def _from_high(row: Record) -> tuple[bool, float]:
    return row["value"] is None, -(row["value"] or 0)


def study_names(rows: Rows) -> str:
    """Names of the studies, each once, as prose lists them; Markdown."""
    return listed([escape(label) for label in dict.fromkeys(row["study"] for row in rows)])
