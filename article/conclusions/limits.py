"""Medians and rates beside a limit: which groups lie above or below it, and the words for it.

The limits are the article's, read from data/claims.csv. What is not transcribed counts by the
limits its row proves; what is not reported counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from review.audit.answers import keys
from review.audit.conclusions import Link, Verdict
from review.markdown import escape
from review.wording import LISTED, amount, between, counted, listed, named, share, word


class Noun(NamedTuple):
    """What is counted, one and many."""

    one: str
    many: str


TRIALS = Noun("clinical trial", "clinical trials")
REAL_WORLD = Noun("real-world study", "real-world studies")
STUDIES = Noun("study", "studies")


@dataclass(frozen=True, eq=False)
class AgainstLimit:
    """Groups beside a limit, by what is known of them.

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
        """How many studies the groups in some of these frames belong to."""
        return int(pd.concat([part["study_id"] for part in parts]).nunique())

    @property
    def low_studies(self) -> int:
        """Studies with every group proven below the limit."""
        rest = pd.concat([self.above["study_id"], self.open["study_id"]])
        return int(self.below.loc[~self.below["study_id"].isin(rest), "study_id"].nunique())

    @property
    def all_studies(self) -> int:
        return self.studies(self.above, self.below, self.open)

    @property
    def because(self) -> str:
        parts = [f"limit {self.limit_text}; "
                 f"at or above it: {values_by_study(self.above) or 'none'}"]
        read = has_value(self.below)
        if read.any():
            top = self.below.loc[self.below.loc[read, "value"].idxmax()]
            parts.append(f"highest value below it: {named_value(top)}")
        if not read.all():
            parts.append(f"below it by a proven upper limit: {study_names(self.below[~read])}")
        if len(self.open):
            parts.append(f"not decidable: {study_names(self.open)}")
        if len(self.unreached):
            parts.append(f"not reached: {study_names(self.unreached)}")
        return "; ".join(parts)


def against_limit(rows: pd.DataFrame, ceiling: float) -> AgainstLimit:
    """Groups by their place against `ceiling` (months or percent, as the rows).

    A group that is not transcribed counts by the limits its row proves; one whose result is not
    reported counts nowhere.
    """
    read, bounded = has_value(rows), rows["status"] == "not transcribed"
    least = rows["value"].where(read, rows["bound_low"].where(bounded))
    most = rows["value"].where(read, rows["bound_high"].where(bounded))
    above = (least >= ceiling).fillna(False)
    below = (most < ceiling).fillna(False)
    unreached = rows["status"].isin(["not reached", "not estimable"])
    unit = rows["unit"].iloc[0] if len(rows) else "months"
    return AgainstLimit(ceiling, unit, rows[above], rows[below],
                        rows[(read | bounded) & ~above & ~below], rows[unreached])


def all_below_but(against: AgainstLimit, exceptions: int) -> bool | None:
    """Whether all studies but `exceptions` stay below the limit; None where rows leave it open."""
    above, unsure = against.studies(against.above), against.studies(against.open)
    if above > exceptions or above + unsure < exceptions:
        return False
    if unsure or not against.all_studies:
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
        elif len(read := against.below[has_value(against.below)]):
            sentence += f"; the highest is {named_value(read.loc[read['value'].idxmax()])}"
        sentence += undecided(against)
        if len(against.unreached):
            sentence += f"; it was not reached in {study_names(against.unreached)}"
        return f"{sentence}.{bounds_counted(against)}"

    return Verdict(all_below_but(against, excepted), against.because, against.rows, words)


def below_in(against: AgainstLimit, kind: Noun) -> str:
    return f"below {against.limit_text} in {share_below(against, kind)}"


def share_below(against: AgainstLimit, kind: Noun) -> str:
    return share(against.low_studies, against.all_studies, kind.one, kind.many)


def bounds_counted(against: AgainstLimit) -> str:
    """That some groups count by proven limits and not by a value; empty where none does."""
    n = int((~has_value(against.below)).sum())
    if not n:
        return ""
    these, are = ("this is an upper limit", "its value stands") if n == 1 else \
        ("these are upper limits", "their values stand")
    return (f" For {counted(n, 'group', 'groups')} of {word(against.decided)} {these} that "
            f"the article's ranges give, because {are} only in a figure image.")


def undecided(against: AgainstLimit) -> str:
    if against.open.empty:
        return ""
    return (f"; it cannot be decided for {study_names(against.open)}, whose values are not "
            "transcribed")


def has_value(rows: pd.DataFrame) -> pd.Series:
    """Which rows hold a value that may be used as one."""
    return (rows["status"] == "value") & (rows["kind"] != "bound")


def named_value(row: pd.Series) -> str:
    return named(row["study"], value_text(row))


def value_text(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return between(row["bound_low"], row["bound_high"], row["unit"])
    return amount(row["value"], row["unit"], row["printed"])


def values_by_study(rows: pd.DataFrame) -> str:
    """Studies with their values, the highest first; several groups of a study stand together."""
    texts: dict[str, list[str]] = {}
    for _, row in highest_first(rows).iterrows():
        texts.setdefault(row["study"], []).append(value_text(row))
    return listed([named(study, listed(values)) for study, values in texts.items()],
                  rows["study"].nunique())


def values_with_clock(rows: pd.DataFrame) -> str:
    """Studies with their values and, where it is another one, the day they are counted from."""
    return listed([_with_clock(row) for _, row in highest_first(rows).iterrows()], len(rows))


def _with_clock(row: pd.Series) -> str:
    text = f"{escape(row['study'])} gives {value_text(row)}"
    clock = row["time_zero"]
    return text if pd.isna(clock) else f"{text} (counted from the {escape(clock)})"


def highest_first(rows: pd.DataFrame) -> pd.DataFrame:
    # only what a sentence can list: a review of thousands has thousands of exceptions
    return rows.sort_values(["value", "study"], ascending=[False, True]).head(LISTED)


def study_names(rows: pd.DataFrame) -> str:
    return listed([escape(label) for label in rows["study"].unique()])
