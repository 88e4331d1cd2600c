"""The arithmetic of the PRISMA flow diagram, and of each edition's own counts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..problems import Problem
from .dataset import ERROR, WARNING, Dataset, flag
from .reports import counting

# box = sum of the first list minus sum of the second, PRISMA 2020 (Page et al., BMJ 2021;372:n71).
# A box that is not reported counts as none; what it might hold makes a difference of reported
# boxes a warning. A box that was derived here adds up or is wrong.
EQUATIONS = (
    ("records_screened", ("database_results", "register_results"),
     ("duplicates", "excluded_automatic", "excluded_other")),
    ("dbr_sought_reports", ("records_screened",), ("records_excluded",)),
    ("dbr_assessed", ("records_screened",), ("records_excluded", "dbr_notretrieved_reports")),
    ("included_databases", ("dbr_assessed",), ("dbr_excluded",)),
    ("other_assessed", ("other_sought_reports",), ("other_notretrieved_reports",)),
    ("included_other", ("other_assessed",), ("other_excluded",)),
    ("included_other", ("included_conferences", "included_registers", "included_citations"), ()),
    ("total_reports", ("included_databases", "included_other", "previous_reports"), ()),
    ("total_reports", ("previous_reports", "new_reports"), ()),
    ("total_studies", ("previous_studies", "new_studies"), ()),
)


def arithmetic(d: Dataset) -> Iterator[Problem]:
    """Every box is what the boxes before it leave."""
    rows = d["flow"]
    boxes = rows.pivot_table(index="edition_id", columns="data", values="n", aggfunc="first",
                             observed=True)
    for result, plus, minus in EQUATIONS:
        for edition, n in boxes.iterrows():
            wanted = n.get(result)
            given = {name: n.get(name) for name in (*plus, *minus)}
            known = {name: value for name, value in given.items() if pd.notna(value)}
            # the first part is what the sum is about: without it there is nothing to add up
            if pd.isna(wanted) or not plus or plus[0] not in known or len(known) < 2:
                continue
            total = sum(int(value) * (1 if name in plus else -1) for name, value in known.items())
            if total == int(wanted):
                continue
            terms = " ".join(f"{'+' if name in plus else '-'} {name} {int(value)}"
                             for name, value in known.items()).removeprefix("+ ")
            wrong = (rows["edition_id"] == edition) & (rows["data"] == result)
            hidden = (rows["kind"] != "derived") & (len(known) < len(given))
            yield from flag(
                d, "flow", wrong, "n", "flow arithmetic", f"{result} {{n}} is not {terms}, which "
                f"is {total}", "correct the box that is not as in the source, or fill in the "
                "boxes that are empty", hidden.map({True: WARNING, False: ERROR}))


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
    for column, box in (("records", "database_results"), ("reports", "total_reports"),
                        ("studies", "total_studies")):
        drawn = (editions["edition_id"] + f"/{box}").map(boxes)
        yield from flag(d, "editions", drawn.notna() & (editions[column] != drawn), column,
                        "edition and flow disagree",
                        f"the edition states {{{column}}} and its flow diagram {{drawn}}",
                        f"correct {column}, or {box} in flow.csv", drawn=drawn)
    carrying = editions["type"] != "predecessor"
    for table, column, setting in (("studies", "studies", None), ("reports", "reports", None),
                                   ("studies", "clinical", "clinical"), ("studies", "rwe", "rwe")):
        rows = d[table]
        if setting:
            rows = rows[(rows["setting"] == setting).fillna(False)]
        counted = editions["edition_id"].map(
            {name: int(counting(d, rows, name).sum())
             for name in editions.loc[carrying, "edition_id"].dropna().unique()})
        yield from flag(d, "editions", carrying & (editions[column] != counted), column,
                        "edition and rows disagree",
                        f"the edition states {{{column}}} and has {{counted}} rows",
                        f"correct {column}, or the rows of {table}.csv",
                        (editions["type"] == "published").map({True: ERROR, False: WARNING}),
                        counted=counted)
    halves = editions["clinical"] + editions["rwe"]
    yield from flag(d, "editions", halves.notna() & (editions["studies"] != halves), "studies",
                    "studies do not add up",
                    "{studies} studies are not {clinical} clinical and {rwe} real-world ones",
                    "correct the count that is not as in the source")


RULES = (arithmetic, status, stated)
