"""What an edition's CSV files hold, read with the standard library alone.

Nothing here or in the other checkers comes from the packages under test.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

Row = dict[str, str]
NOUNS = {"clinical": ("clinical trial", "clinical trials"),
         "rwe": ("real-world study", "real-world studies")}
STUDIES = ("study", "studies")
LABELS = {"pfs": "Median PFS", "os": "Median OS", "orr": "ORR", "cr_or_better": "CR or better"}
MAIN = ("pfs", "os", "orr")
VALUE, LIMITS, NOT_REACHED = "value", "limits", "not reached"
NOT_ESTIMABLE, NOT_TRANSCRIBED, NOT_REPORTED = "not estimable", "not transcribed", "not reported"


RATES = ("orr", "cr_or_better", "vgpr_or_better", "adverse_event")


def usual(row: Row) -> bool:
    """Whether a result is of the statistic that the review takes together: no hazard ratio, and no
    rate at a time."""
    return row["statistic"] == ("proportion" if row["outcome"] in RATES else "median")


class Edition:
    """The rows that count in one edition of a dataset, as text, each table a list of rows."""

    def __init__(self, folder: Path, key: str):
        self.folder, self.key = folder, key
        self.every = {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}
        self.places = {row["edition_id"]: int(row["position"]) for row in self.every["editions"]}
        self.row = next(row for row in self.every["editions"] if row["edition_id"] == key)
        self.tables = {name: [self._named(row) for row in rows if self.counts(row, key)]
                       for name, rows in self.every.items()}

    def counts(self, row: Row, edition: str) -> bool:
        """Whether a row counts in an edition: added by then, not superseded by then; of rows about
        an edition, whether that one is not later."""
        place = self.places[edition]
        if "edition_added" not in row:
            return "position" in row or self.places[row.get("edition_id", edition)] <= place
        gone = row["edition_superseded"]
        return self.places[row["edition_added"]] <= place and not (
            gone and self.places[gone] <= place)

    def _named(self, row: Row) -> Row:
        """A row of a table that has no editions, of the study that stands in the place of the one
        it names."""
        if "edition_added" in row or "study_id" not in row:
            return row
        return {**row, "study_id": self.now(row["study_id"])}

    def now(self, study: str) -> str:
        """The key of a study in this edition, of which earlier ones have another row."""
        for line in sorted(self.every["supersessions"],
                           key=lambda line: self.places[line["edition_id"]]):
            if line["table"] == "studies" and line["key"] == study and line["successor"] \
                    and self.places[line["edition_id"]] <= self.places[self.key]:
                study = line["successor"]
        return study

    def of(self, table: str, edition: str) -> list[Row]:
        """The rows of a table that count in another edition."""
        return [row for row in self.every[table] if self.counts(row, edition)]

    @property
    def published(self) -> bool:
        return self.row["type"] == "published"

    @cached_property
    def before(self) -> str | None:
        """Key of the edition before that carries rows."""
        earlier = [row for row in self.every["editions"] if row["type"] != "predecessor"
                   and int(row["position"]) < int(self.row["position"])]
        return max(earlier, key=lambda row: int(row["position"]))["edition_id"] if earlier else None

    def studies(self, setting: str | None = None) -> list[Row]:
        return [row for row in self.tables["studies"] if setting in (None, row["setting"])]

    def claim(self, key: str) -> Row:
        """A statement of the article."""
        return next(row for row in self.tables["claims"] if row["claim_id"] == key)

    def threshold(self, key: str) -> float:
        """The limit that a statement of the article names."""
        return float(self.claim(key)["threshold"])

    @cached_property
    def study(self) -> dict[str, Row]:
        return {row["study_id"]: row for row in self.tables["studies"]}

    @cached_property
    def arm(self) -> dict[str, Row]:
        return {row["arm_id"]: row for row in self.tables["arms"]}

    @cached_property
    def report(self) -> dict[str, Row]:
        return {row["report_id"]: row for row in self.tables["reports"]}

    @cached_property
    def outcomes(self) -> list[Row]:
        """Result rows with the label of study and group, setting, design, state and place in the
        article's figures beside them."""
        found = []
        for row in self.tables["outcomes"]:
            arm = self.arm[row["arm_id"]]
            study = self.study[arm["study_id"]]
            found.append({
                **row, **self._drawn(row), "study_id": arm["study_id"], "study": study["label"],
                "setting": study["setting"], "design": study["design"], "arm": arm["label"],
                "therapy": arm["therapy"], "exposure": arm["exposure"],
                "refractory_percent": arm["refractory_percent"],
                "cite": self.report[row["report_id"]]["citekey"] if row["report_id"] else "",
                "state": state(row)})
        return found

    def _drawn(self, row: Row) -> Row:
        """Where the article draws the result; a row that takes the place of another stands where
        that one stood, unless it says otherwise."""
        names = ("figure", "figure_row", "figure_row_options")
        if row["figure"] or row["edition_added"] == "published":
            return {name: row[name] for name in names}
        subject = ("arm_id", "outcome", "statistic", "use")
        same = [[one for one in self.every["outcomes"] if one[column] == row["edition_added"]
                 and all(one[name] == row[name] for name in subject)]
                for column in ("edition_superseded", "edition_added")]
        at = same[1].index(row)
        return self._drawn(same[0][at]) if at < len(same[0]) else dict.fromkeys(names, "")

    def groups(self, outcome: str, setting: str | None) -> list[Row]:
        """The groups of the synthesis with a row for the outcome, each patient once. What stands
        in the comparison with naive patients counts where the study has nothing else."""
        rows = [row for row in self.outcomes
                if row["outcome"] == outcome and setting in (None, row["setting"])
                and row["use"] == "synthesis" and usual(row)]
        apart = {row["study_id"] for row in rows if row["figure"] != "fig-naive"}
        return [row for row in rows
                if row["figure"] != "fig-naive" or row["study_id"] not in apart]

    def traits(self, name: str, setting: str, lead: bool = True) -> list[Row]:
        """Rows of the synthesis on a characteristic; lead: those that stand for their study."""
        return [row for row in self.tables["characteristics"]
                if row["characteristic"] == name and row["use"] == "synthesis"
                and self.study[row["study_id"]]["setting"] == setting
                and (not lead or not row["report_id"]
                     or self.report[row["report_id"]]["lead"] == "true")]


def state(row: Row) -> str:
    """What a row says of its result: exactly one of six things."""
    if row["status"] == "value" and row["kind"] != "bound":
        return VALUE
    if row["status"] in (NOT_REACHED, NOT_ESTIMABLE):
        return row["status"]
    if row["bound_low"] or row["bound_high"]:
        return LIMITS
    return NOT_TRANSCRIBED if row["status"] == NOT_TRANSCRIBED else NOT_REPORTED


def reported(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["state"] != NOT_REPORTED]


def valued(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["state"] == VALUE]


def extremes(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows with the lowest and those with the highest value."""
    rows = list(rows)
    ends = min(float(row["value"]) for row in rows), max(float(row["value"]) for row in rows)
    low, high = ([row for row in rows if float(row["value"]) == end] for end in ends)
    return low, high


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
