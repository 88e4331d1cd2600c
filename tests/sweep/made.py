"""Made updates: a dataset with one or two more editions, the same for the same seed.

Each holds what real updates hold and what they should never hold all at once: studies with extreme,
equal, missing, unreached, bounded and inestimable results, corrections, retractions, new lead
reports, searches, and tables left without a row.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import as_published
import made_rows

DATA = as_published.dataset()
Row = dict[str, str]
FIRST, SECOND = "2026-1", "2026-2"
LIVING = ("studies", "reports", "arms", "outcomes", "characteristics", "quality")


@dataclass
class Update:
    """A dataset with editions after the published one. edition: the newest; did: what was done."""

    seed: int
    edition: str
    tables: dict[str, list[Row]]
    did: list[str] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        """Writes the dataset; every cell and column in the order of the published one."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DATA / "datapackage.json", folder / "datapackage.json")
        for name, (columns, _) in base().items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.tables[name])
        return folder


@cache
def base() -> dict[str, tuple[list[str], list[Row]]]:
    """The project's own tables: columns and rows."""
    found = {}
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found[path.stem] = (list(reader.fieldnames or []), list(reader))
    return found


def make(seed: int) -> Update:
    """The update of a seed."""
    tables = {name: [dict(row) for row in rows] for name, (_, rows) in base().items()}
    update = Update(seed, FIRST, tables)
    rng = random.Random(seed)
    _edition(rng, update, FIRST)
    if rng.random() < 0.2:
        _edition(rng, update, SECOND)
        update.edition = SECOND
    if rng.random() < 0.06:
        name = rng.choice(["search", "flow", "footnotes", "abbreviations", "external"])
        update.tables[name] = []
        update.did.append(f"{name} without a row")
    return update


def updates(n: int, first: int = 0) -> Iterator[Update]:
    """The first `n` updates from a seed on."""
    return (make(seed) for seed in range(first, first + n))


def _edition(rng: random.Random, u: Update, key: str) -> None:
    position = {FIRST: 3, SECOND: 4}[key]
    year = 2023 + position
    stated = rng.random() < 0.5
    u.tables["sources"].append({"source_id": f"made-{key}", "citekey": f"made{position}",
                                "type": "primary abstract", "description": "A made source"})
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        _correct(rng, u, key)
    for _ in range(rng.choice([0, 0, 0, 1])):
        _correct_characteristic(rng, u, key)
    if rng.random() < 0.06:
        _empty(rng, u, key)
    elif rng.random() < 0.2:
        _new_lead(rng, u, key)
    own = random.Random(f"{u.seed} {key}")  # no draw of the generator of the other rows
    if own.random() < 0.1 and _old(u, "studies", key):
        _correct_study(own.choice(_old(u, "studies", key)), u, key)
    if rng.random() < 0.2 and _old(u, "studies", key):
        _retract(rng, u, key, rng.choice(_old(u, "studies", key))["study_id"])
    for number in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4, 5])):
        label = rng.choice(made_rows.NAMES) + f" {year}{'abcde'[number]}"
        made_rows.add_study(rng, u.tables, key, f"made-{position}-{number}", label)
    studies = _live(u, "studies")
    counts = {"studies": str(len(studies)), "reports": str(len(_live(u, "reports"))),
              **{code: str(sum(one["setting"] == code for one in studies))
                 for code in ("clinical", "rwe")}}
    searched = rng.random() < 0.6
    records = str(rng.choice([0, 1, 512, 12034])) if searched else ""
    u.tables["editions"].append({
        "edition_id": key, "position": str(position), "name": f"Update {year}/1 *made*",
        "type": "update", "search_to": f"{year}-01-31",
        "conferences_to": rng.choice(["", f"{year}-01-15"]), "released_on": f"{year}-03-02",
        # no draw of the generator, so that the other rows stay as they were
        "next_search_due": ("", f"{year}-07-31", f"{year}-02-28")[position % 3],
        "records": records if stated else "", **(counts if stated else {}), "status": "current",
        "citation": f"The maintainers. Update {year}/1", "source_id": f"made-{key}",
        "locator": "This dataset"})
    if searched:
        _search(rng, u, key, records, counts)


def _live(u: Update, table: str) -> list[Row]:
    return [row for row in u.tables[table] if not row.get("edition_superseded")]


def _old(u: Update, table: str, key: str) -> list[Row]:
    """Rows that an edition may supersede: those that editions before it added."""
    return [row for row in _live(u, table) if row["edition_added"] != key]


# --- what changes rows that are there -----------------------------------------------------------


def _correct(rng: random.Random, u: Update, key: str) -> None:
    """A result superseded by a new row, which mostly does not say where the article drew it."""
    rows = _old(u, "outcomes", key)
    if not rows:
        return
    old = rng.choice(rows)
    before = len(u.tables["outcomes"])
    made_rows.add_result(rng, u.tables, {
        "arm_id": old["arm_id"], "outcome": old["outcome"], "use": old["use"],
        "report_id": old["report_id"], "source_id": f"made-{key}", "locator": "Correction",
        "edition_added": key}, f"{old['outcome_id']}-of-{key}")
    if len(u.tables["outcomes"]) > before:
        u.tables["outcomes"][-1]["figure"] = rng.choice(["", "", old["figure"]])
    old["edition_superseded"] = key
    u.did.append(f"{old['outcome_id']} corrected")


def _correct_characteristic(rng: random.Random, u: Update, key: str) -> None:
    rows = [row for row in _old(u, "characteristics", key)
            if row["characteristic"] in ("follow_up", "prior_lines")]
    if not rows:
        return
    old = rng.choice(rows)
    old["edition_superseded"] = key
    made_rows.add_characteristic(rng, u.tables, {
        **{name: old.get(name, "") for name in (
            "study_id", "report_id", "arm_id", "characteristic", "detail", "unit", "use", "scope",
            "exposure_point", "statistic")}, "table": rng.choice([old.get("table", ""), ""]),
        "source_id": f"made-{key}", "locator": "Correction", "edition_added": key},
        f"{old['characteristic_id']}-of-{key}")
    u.did.append(f"{old['characteristic_id']} corrected")


def _new_lead(rng: random.Random, u: Update, key: str) -> None:
    """Another report leads a study: the old one stays as a further report under a new key, and its
    rows follow it there."""
    leads = [one for one in _old(u, "reports", key) if one["lead"] == "true"]
    if not leads:
        return
    old = rng.choice(leads)
    study = old["study_id"]
    new = {"source_id": f"made-{key}", "locator": "New report", "edition_added": key}
    kept = {**old, "report_id": f"{old['report_id']}-of-{key}", "lead": "false",
            "edition_added": key}
    lead = made_rows.report_row(rng, new, study, f"{study}-lead-{key}", 1, lead=True)
    u.tables["reports"] += [kept, lead]
    for table in ("outcomes", "characteristics"):
        for row in [one for one in _live(u, table) if one["report_id"] == old["report_id"]]:
            if row["edition_added"] == key:  # a correction of the same update follows at once
                row["report_id"] = kept["report_id"]
                continue
            first = next(iter(base()[table][0]))
            report = rng.choice([kept["report_id"], f"{study}-lead-{key}"])
            u.tables[table].append({**row, first: f"{row[first]}-lead-{key}", "report_id": report,
                                    "edition_added": key})
            row["edition_superseded"] = key
    old["edition_superseded"] = key
    u.did.append(f"another lead report of {study}")


def _correct_study(old: Row, u: Update, key: str) -> None:
    """The row of a study in whose place another stands, with every row that rests on it, under
    keys of their own."""
    study, new = old["study_id"], f"{old['study_id']}-of-{key}"
    renamed = {"study_id": {study: new}}
    for table in LIVING:
        field = next(iter(base()[table][0]))
        rows = [row for row in _live(u, table) if row.get("study_id") == study
                or row.get("arm_id") in renamed.get("arm_id", {})]
        if table != "quality":
            renamed[field] = {row[field]: f"{row[field]}-of-{key}" for row in rows}
        for row in rows:
            names = {name: keys.get(row.get(name, ""), row.get(name, ""))
                     for name, keys in renamed.items() if name in row}
            if row["edition_added"] == key:
                row.update(names)
                continue
            u.tables[table].append({**row, **names, "edition_added": key})
            row["edition_superseded"] = key
            u.tables["supersessions"].append({
                "table": table, "key": row[field], "edition_id": key, "kind": "correction",
                "successor": names[field], "reason": "made"})
    u.did.append(f"the row of {study} corrected")


def _retract(rng: random.Random, u: Update, key: str, study: str) -> None:
    """A study taken out, or one of its further reports, with every row that rests on it."""
    reports = [one for one in _live(u, "reports") if one["study_id"] == study]
    further = [one["report_id"] for one in reports if one["lead"] != "true"]
    if further and rng.random() < 0.5:
        report = rng.choice(further)
        for table in ("reports", "outcomes", "characteristics"):
            _take_out(u, table, key, lambda row: row.get("report_id") == report)
        u.did.append(f"report {report} retracted")
    else:
        _retract_study(u, key, study)


def _retract_study(u: Update, key: str, study: str) -> None:
    arms = {one["arm_id"] for one in u.tables["arms"] if one["study_id"] == study}
    for table in LIVING:
        _take_out(u, table, key,
                  lambda row: row.get("study_id") == study or row.get("arm_id") in arms)
    u.did.append(f"{study} retracted")


def _take_out(u: Update, table: str, key: str, wanted: Callable[[Row], bool]) -> None:
    """Supersedes rows; those that the same update has just added go without a trace."""
    u.tables[table] = [row for row in u.tables[table]
                       if row["edition_added"] != key or not wanted(row)]
    for row in _live(u, table):
        if wanted(row):
            row["edition_superseded"] = key


def _empty(rng: random.Random, u: Update, key: str) -> None:
    """No row of a table counts any more, or no study of a setting."""
    name = rng.choice(["outcomes", "characteristics", "quality", "studies", "clinical", "rwe"])
    if name in ("outcomes", "characteristics", "quality"):
        _take_out(u, name, key, lambda row: True)
    for study in _live(u, "studies") if name in ("studies", "clinical", "rwe") else ():
        if name in ("studies", study["setting"]):
            _retract_study(u, key, study["study_id"])
    u.did.append(f"no row of {name} counts")


# --- search and flow ----------------------------------------------------------------------------


def _search(rng: random.Random, u: Update, key: str, records: str, counts: Row) -> None:
    new = {"edition_id": key, "source_id": f"made-{key}", "locator": "Search log"}
    kinds = rng.sample(["database", "database", "conference", "conference", "registry",
                        "reference list"], rng.randint(0, 6))
    for number, kind in enumerate(kinds):
        u.tables["search"].append({
            **new, "search_id": f"{key}-{number}", "name": f"Source_{number} of {kind}s",
            "type": kind, "from_year": rng.choice(["", "2023"]) if kind == "conference" else "",
            "to_year": rng.choice(["", "2025"]) if kind == "conference" else "",
            "to_date": rng.choice(["", "2026-01-31"]) if kind != "conference" else "",
            "hits": rng.choice(["", "250"]), "hits_status": "value"})
        if not u.tables["search"][-1]["hits"]:
            u.tables["search"][-1]["hits_status"] = "not reported"
    n = int(records or 0)
    duplicates, excluded = n // 7, n // 2
    boxes = {"database_results": n, "duplicates": duplicates, "records_screened": n - duplicates,
             "records_excluded": excluded, "dbr_assessed": n - duplicates - excluded}
    labels = {row["data"]: row["label"] for row in base()["flow"][1]}
    for name in rng.choice([[], ["database_results"], list(boxes)]):
        u.tables["flow"].append({
            **new, "flow_id": f"{key}-{name}", "data": name, "label": labels[name],
            "n": str(boxes[name]), "status": "value", "kind": "reported",
            "printed": str(boxes[name])})
    if rng.random() < 0.3:
        for name, column in (("total_studies", "studies"), ("total_reports", "reports")):
            u.tables["flow"].append({
                **new, "flow_id": f"{key}-{name}", "data": name, "label": labels[name],
                "n": counts[column], "status": "value", "kind": "reported",
                "printed": counts[column]})
