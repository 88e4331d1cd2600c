"""The arithmetic of the PRISMA flow diagram, and of each edition's own counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from review.checks.reports import counting
from review.checks.rule import ERROR, WARNING, Dataset, flag
from review.dataset.problems import Problem

# box = sum of the first list minus sum of the second, PRISMA 2020 (Page et al., BMJ 2021;372:n71).
# A box that is not reported counts as none; what it might hold makes a difference of reported
# boxes a warning. A box that was derived here adds up or is wrong. Reports are not records: several
# reports can stand behind one record, so a sum from the one to the other is a warning at most, and
# is not asked where the reports have a sum of their own.
EQUATIONS = (
    ("records_screened", ("database_results", "register_results"),
     ("duplicates", "excluded_automatic", "excluded_other")),
    ("dbr_sought_reports", ("records_screened",), ("records_excluded",)),
    ("dbr_assessed", ("dbr_sought_reports",), ("dbr_notretrieved_reports",)),
    ("dbr_assessed", ("records_screened",), ("records_excluded", "dbr_notretrieved_reports")),
    ("included_databases", ("dbr_assessed",), ("dbr_excluded",)),
    ("other_sought_reports", ("website_results", "organisation_results", "citations_results"), ()),
    ("other_assessed", ("other_sought_reports",), ("other_notretrieved_reports",)),
    ("included_other", ("other_assessed",), ("other_excluded",)),
    ("included_other", ("included_conferences", "included_registers", "included_citations"), ()),
    ("new_reports", ("dbr_assessed", "other_assessed"), ("dbr_excluded", "other_excluded")),
    ("total_reports", ("included_databases", "included_other", "previous_reports"), ()),
    ("total_reports", ("previous_reports", "new_reports"), ()),
    ("total_studies", ("previous_studies", "new_studies"), ()),
)
RECORDS = ("records_screened", "website_results", "organisation_results", "citations_results")
REASONS = {"dbr_excluded_reason": "dbr_excluded", "other_excluded_reason": "other_excluded"}


@dataclass(frozen=True)
class Sum:
    """What a box has to be, from the boxes before it.

    parts: those reported, as (name, sign, count). missing: names of the parts that are not.
    """

    box: str
    parts: tuple[tuple[str, int, int], ...]
    missing: frozenset[str]

    @property
    def across(self) -> bool:
        """Whether it goes from records to reports, which need not be as many."""
        return self.parts[0][0] in RECORDS and self.box not in ("records_screened",)

    @property
    def total(self) -> int:
        """What the reported parts add up to, in records, reports or studies as the box."""
        return sum(sign * n for _, sign, n in self.parts)

    def terms(self, named: bool = False) -> str:
        """The arithmetic in words: "2938 - 130", with the names of the boxes if asked for."""
        return " ".join(f"{'-' if sign < 0 else '+'} {f'{name} ' if named else ''}{n}"
                        for name, sign, n in self.parts).removeprefix("+ ")


def sums(counts: Mapping[str, int]) -> Iterator[Sum]:
    """Each equation whose box and first part are among the reported `counts`; the first part is
    what the sum is about, and without it there is nothing to add up."""
    for box, plus, minus in EQUATIONS:
        own = box == "dbr_assessed" and "dbr_sought_reports" in counts
        if box in counts and plus[0] in counts and not (own and plus[0] in RECORDS):
            signs = {**dict.fromkeys(plus, 1), **dict.fromkeys(minus, -1)}
            yield Sum(box, tuple((name, sign, int(counts[name])) for name, sign in signs.items()
                                 if name in counts), frozenset(signs.keys() - counts.keys()))


def arithmetic(d: Dataset) -> Iterator[Problem]:
    """Every box is what the boxes before it leave."""
    rows = d["flow"]
    boxes = rows.pivot_table(index="edition_id", columns="data", values="n", aggfunc="first",
                             observed=True)
    for edition, n in boxes.iterrows():
        for sum_ in sums(n.dropna().to_dict()):
            if len(sum_.parts) < 2 or sum_.total == int(n[sum_.box]):
                continue
            wrong = (rows["edition_id"] == edition) & (rows["data"] == sum_.box)
            hidden = (rows["kind"] != "derived") & (bool(sum_.missing) or sum_.across)
            yield from flag(
                d, "flow", wrong, "n", "flow arithmetic",
                f"{sum_.box} {{n}} is not {sum_.terms(named=True)}, which is {sum_.total}",
                "correct the box that is not as in the source, or fill in the boxes that are empty",
                hidden.map({True: WARNING, False: ERROR}))


def reasons(d: Dataset) -> Iterator[Problem]:
    """The reasons of exclusion are not more than the reports excluded."""
    rows = d["flow"]
    for reason, box in REASONS.items():
        boxes = rows[rows["data"] == box].dropna(subset=["n"]).drop_duplicates("edition_id")
        total = rows["edition_id"].map(boxes.set_index("edition_id")["n"])
        named = rows[rows["data"] == reason].groupby("edition_id", observed=True)["n"].sum()
        all_ = rows["edition_id"].map(named)
        yield from flag(d, "flow", (rows["data"] == box) & (all_ > total), "n", "flow arithmetic",
                        "{n} reports are excluded and the reasons name {all_}",
                        "correct the count or the reasons; a report with two reasons counts once",
                        WARNING, all_=all_)


def status(d: Dataset) -> Iterator[Problem]:
    """A count stands exactly where the status says so."""
    rows = d["flow"]
    there = rows["n"].notna()
    yield from flag(d, "flow", there != (rows["status"] == "value"), "n",
                    "value and status disagree", "the count is {n!r} and the status says {status}",
                    "fill in the count and write value, or empty it and say why")


def stated(d: Dataset) -> Iterator[Problem]:
    """What an edition states of itself is what its flow and its rows give."""
    editions, flow = d["editions"], d["flow"]
    key = flow["edition_id"] + "/" + flow["data"].astype("string")
    boxes = pd.Series(flow["n"].to_numpy(), index=key.to_numpy())
    boxes = boxes[~boxes.index.duplicated()]
    drawn = (editions["edition_id"] + "/database_results").map(boxes)
    yield from flag(d, "editions", drawn.notna() & (editions["records"] != drawn), "records",
                    "edition and flow disagree",
                    "the edition states {records} and its flow diagram {drawn}",
                    "correct records, or database_results in flow.csv", drawn=drawn)
    carrying = editions["type"] != "predecessor"
    for table in ("reports", "studies"):
        there = flow["edition_id"].map(
            {name: int(counting(d, table, name).sum())
             for name in editions.loc[carrying, "edition_id"].dropna().unique()})
        wrong = (flow["data"] == f"total_{table}") & there.notna() & (flow["n"] != there)
        yield from flag(d, "flow", wrong.fillna(False), "n", "edition and flow disagree",
                        f"total_{table} is {{n}}, and {{there}} {table} are included",
                        f"correct n, or the rows of {table}.csv", there=there)
    settings = list(d.contents.vocabulary.settings)
    for table, column, setting in (("studies", "studies", None), ("reports", "reports", None),
                                   *(("studies", code, code) for code in settings)):
        asked = (d[table]["setting"] == setting).fillna(False) if setting else True
        counted = editions["edition_id"].map(
            {name: int((counting(d, table, name) & asked).sum())
             for name in editions.loc[carrying, "edition_id"].dropna().unique()})
        yield from flag(d, "editions", carrying & (editions[column] != counted), column,
                        "edition and rows disagree",
                        f"the edition states {{{column}}} and has {{counted}} rows",
                        f"correct {column}, or the rows of {table}.csv",
                        (editions["type"] == "published").map({True: ERROR, False: WARNING}),
                        counted=counted)
    parts = editions[settings].sum(axis=1, skipna=False)
    words = d.contents.vocabulary.settings
    terms = " and ".join(f"{{{code}}} {words[code].many}" for code in settings)
    yield from flag(d, "editions", parts.notna() & (editions["studies"] != parts), "studies",
                    "studies do not add up", f"{{studies}} studies are not {terms}",
                    "correct the count that is not as in the source")


RULES = (arithmetic, reasons, status, stated)
