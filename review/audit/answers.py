"""What the rule of a claim returns: values to compare with print, and the rows behind them.

Every answer has `atoms` (the values in the order of the claim's printed tokens), `text` (as prose
quotes it), `because` (the arithmetic, in words and numbers made from data) and `rows` (keys such
as "outcomes/smith-2023-os" of the rows it rests on).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import pandas as pd

from review.dataset.problems import ReviewError
from review.dataset.schema import ROW
from review.wording import plain


def keys(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Names of the rows of frames in the whole dataset ("table/key"), each once."""
    return tuple(dict.fromkeys(
        str(name) for frame in frames for name in frame[ROW] if pd.notna(name)))


def record_keys(*parts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The same of records."""
    return tuple(dict.fromkeys(str(row[ROW]) for part in parts for row in part
                               if row[ROW] is not None))


class NoValue(ReviewError):
    """The dataset has no value where a rule needs one (a cell was emptied or never filled)."""


@dataclass(frozen=True)
class Answer:
    """Base: rows it rests on and the arithmetic in words."""

    rows: tuple[str, ...] = field(default=(), kw_only=True)
    because: str = field(default="", kw_only=True)

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The values to compare with print, in the order of the printed tokens."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The answer as prose quotes it."""
        raise NotImplementedError

    def explained(self, because: str) -> Self:
        """The same answer with its arithmetic."""
        return replace(self, because=because)


@dataclass(frozen=True)
class Number(Answer):
    """One number. printed: how the dataset's source prints it, for zeros that matter (19.0)."""

    value: float | int
    printed: str = ""

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The number alone."""
        return (self.value,)

    @property
    def text(self) -> str:
        """The number as its source prints it, else in its shortest form."""
        return self.printed or plain(self.value)


@dataclass(frozen=True)
class Count(Answer):
    """A count with its members (labels in the order of the dataset)."""

    value: int
    members: tuple[str, ...] = ()

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The count alone."""
        return (self.value,)

    @property
    def text(self) -> str:
        """The count in digits."""
        return str(self.value)


@dataclass(frozen=True)
class Span(Answer):
    """Smallest and largest value, with who sets each end."""

    low: Number
    high: Number
    low_by: str = ""
    high_by: str = ""

    @property
    def low_end(self) -> Number:
        """The smaller end as an answer of its own."""
        return replace(self.low, rows=self.rows, because=self.because)

    @property
    def high_end(self) -> Number:
        """The larger end as an answer of its own."""
        return replace(self.high, rows=self.rows, because=self.because)

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The two ends, the smaller first."""
        return (self.low.value, self.high.value)

    @property
    def text(self) -> str:
        """Both ends with a dash between them."""
        return f"{self.low.text}–{self.high.text}"


@dataclass(frozen=True)
class Truth(Answer):
    """Whether a comparison holds; `because` says on which numbers."""

    value: bool

    @property
    def atoms(self) -> tuple[Any, ...]:
        """Whether it holds, as a bool."""
        return (bool(self.value),)

    @property
    def text(self) -> str:
        """"true" or "not true"."""
        return "true" if self.value else "not true"


@dataclass(frozen=True)
class Refs(Answer):
    """A set of reference numbers."""

    value: frozenset[int]

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The set as one value."""
        return (self.value,)

    @property
    def text(self) -> str:
        """The numbers as the article prints them, "none" for an empty set."""
        return compact(self.value) or "none"


class AnyOf(frozenset[int]):
    """References of which each alone would do."""


@dataclass(frozen=True)
class EitherRef(Answer):
    """One reference, of which only is known that it is one of several."""

    value: frozenset[int]

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The set as one value, with which a single one of its references agrees."""
        return (AnyOf(self.value),)

    @property
    def text(self) -> str:
        """The numbers with "or" between them."""
        return " or ".join(map(str, sorted(self.value)))


@dataclass(frozen=True)
class Text(Answer):
    """Words, a date or an identifier; compared by meaning (case, spaces and dashes aside)."""

    value: str

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The words alone."""
        return (self.value,)

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.value


@dataclass(frozen=True)
class Several(Answer):
    """Several answers in the order of the printed tokens."""

    parts: tuple[Answer, ...]

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The values of every part, in their order."""
        return tuple(atom for part in self.parts for atom in part.atoms)

    @property
    def text(self) -> str:
        """The texts of the parts, separated by semicolons."""
        return "; ".join(part.text for part in self.parts)


@dataclass(frozen=True)
class NotRecomputable(Answer):
    """Nothing in the article's text or tables to recompute it from.

    reason: supplement, figure image, external source, not published, judgement. Prose quotes the
    printed value, taken as printed; where nothing is printed, `beside`: what the rows give.
    """

    reason: str
    detail: str = ""
    beside: Answer | None = None

    @property
    def atoms(self) -> tuple[Any, ...]:
        """None: there is nothing to compare."""
        return ()

    @property
    def text(self) -> str:
        """What the rows give beside; empty where they give nothing."""
        return self.beside.text if self.beside else ""


@dataclass(frozen=True)
class Reading(Answer):
    """A statement whose plain reading may fail but that follows under a rule it does not state.

    plain: the answer by the plain reading. rule: the choice made, in words. ruled: the answer
    under that rule.
    """

    plain: Answer
    rule: str
    ruled: Answer

    @property
    def atoms(self) -> tuple[Any, ...]:
        """The values of the plain reading."""
        return self.plain.atoms

    @property
    def text(self) -> str:
        """The text of the plain reading."""
        return self.plain.text


def several(*parts: Answer, because: str = "") -> Several:
    """Several answers as one, with the rows of all of them."""
    rows = dict.fromkeys(key for part in parts for key in part.rows)
    return Several(tuple(parts), rows=tuple(rows), because=because)


def number(rows: pd.DataFrame, column: str = "value") -> Number:
    """The single row's number; printed is used where the column is `value` and print is numeric.

    Raises NoValue unless there is exactly one row with a value.
    """
    held = rows[column].notna().to_numpy()
    if held.sum() != 1:
        raise NoValue(f"expected one row with {column}, found {held.sum()}")
    row = _narrow(rows, column).iloc[held.argmax()]
    return _of(row, column, (str(row[ROW]),))


def span(rows: pd.DataFrame, column: str = "value", by: str = "study") -> Span:
    """Smallest and largest `column` over rows that hold one, in their unit; ties name every owner.

    by: column that names the owners. Rows without a number (not reached, not estimable, not
    reported, limits) do not enter. Raises NoValue where no row holds one.
    """
    rows = _narrow(rows, column, by)[rows[column].notna()]
    if rows.empty:
        raise NoValue(f"no row holds {column}")
    low, low_by = _end(rows, rows[column].min(), column, by)
    high, high_by = _end(rows, rows[column].max(), column, by)
    because = (f"smallest {low.text} ({low_by}), largest {high.text} ({high_by}) of {len(rows)} "
               f"{'value' if len(rows) == 1 else 'values'}")
    return Span(low, high, low_by, high_by, rows=keys(rows), because=because)


def _narrow(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """What is told of rows: a row of results has some seventy columns."""
    told = dict.fromkeys((ROW, *columns, "printed"))
    return rows[[name for name in told if name in rows]]


def _end(rows: pd.DataFrame, limit: float, column: str, by: str) -> tuple[Number, str]:
    """One end of a range as a number, and everybody who has it."""
    owners = (rows[column] == limit).to_numpy()
    names = ", ".join(dict.fromkeys(rows[by][owners].astype(str)))
    return _of(rows.iloc[owners.argmax()], column, ()), names


def count(rows: pd.DataFrame, by: str = "study") -> Count:
    """Number of distinct `by` in rows, with their names; 0 for no rows. Missing names do not
    count."""
    members = tuple(dict.fromkeys(str(name) for name in rows[by] if pd.notna(name)))
    return Count(len(members), members, rows=keys(rows) if len(rows) else (),
                 because=f"{len(members)}: {', '.join(members)}" if members else "none")


def refs(rows: pd.DataFrame, column: str = "ref") -> Refs:
    """Reference numbers of rows; rows without one (a report of a later edition) are left out."""
    return Refs(frozenset(int(ref) for ref in rows[column] if pd.notna(ref)), rows=keys(rows))


def compact(numbers: Iterable[int]) -> str:
    """Reference numbers as printed: 21, 28–35; two neighbours stay apart (34, 35)."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}–{run[-1]}"
    return ", ".join(map(str, run))


def _of(row: pd.Series, column: str, rows: tuple[str, ...]) -> Number:
    value = row[column]
    value = int(value) if float(value).is_integer() else float(value)
    printed = row.get("printed") if column == "value" else None
    text = "" if printed is None or pd.isna(printed) else str(printed)
    try:
        same = bool(text) and float(text) == value
    except ValueError:
        same = False
    return Number(value, text if same else "", rows=rows)
