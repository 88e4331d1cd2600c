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

DATA = Path(__file__).parents[2] / "data"
Row = dict[str, str]
FIRST, SECOND = "2026-1", "2026-2"
LIVING = ("studies", "reports", "arms", "outcomes", "characteristics", "quality")

NAMES = ("Adeyemi", "O'Brien-Smith", "van der Berg", "NOVA_2", "Lund [A]", "Ortiz*", "Ito & Sato",
         "Chen (part B)", "Zhao", "MM-017", "Ångström", "de la Cruz", "R2-D2 <20")
REGIMENS = ("Dara + Pom + Dex", "Isa, Carf, Dex", "Anti-CD38 NS", "Dara_Vd (weekly)", "Isa 10 mg/kg")
PANELS = ("fig-clinical-pfs", "fig-rwe-os", "fig-rwe-orr", "fig-best-response")
MONTHS = ("0", "0.1", "1", "1.0", "2.75", "3", "5.0", "8.4", "9", "12.25", "19.4", "20", "24.0",
          "37.6", "120", "399.9")
STATES = ("value",) * 8 + ("between", "at least", "at most", "limit of report", "not reached",
                           "not reached, limit", "not estimable", "not reported", "not transcribed",
                           "not applicable", "no row", "no row")


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
    if rng.random() < 0.2 and _old(u, "studies", key):
        _retract(rng, u, key, rng.choice(_old(u, "studies", key))["study_id"])
    for number in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4, 5])):
        _study(rng, u, key, f"made-{position}-{number}", rng.choice(NAMES) + f" {year}"
               + "abcde"[number])
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
        "records": records if stated else "", **(counts if stated else {}), "status": "current",
        "citation": f"The maintainers. Update {year}/1", "source_id": f"made-{key}",
        "locator": "This dataset"})
    if searched:
        _search(rng, u, key, records, counts)


def _key(*parts: str) -> str:
    return "-".join(parts).replace("_", "-")


def _live(u: Update, table: str) -> list[Row]:
    return [row for row in u.tables[table] if not row.get("edition_superseded")]


def _old(u: Update, table: str, key: str) -> list[Row]:
    """Rows that an edition may supersede: those that editions before it added."""
    return [row for row in _live(u, table) if row["edition_added"] != key]


# --- a new study --------------------------------------------------------------------------------


def _study(rng: random.Random, u: Update, key: str, study: str, label: str) -> None:
    setting = rng.choice(["clinical", "rwe"])
    new = {"source_id": f"made-{key}", "locator": "Abstract", "edition_added": key}
    design = {"clinical": ["randomised", "single-arm"],
              "rwe": ["retrospective", "prospective"]}[setting]
    u.tables["studies"].append({
        **new, "study_id": study, "label": label, "setting": setting, "design": rng.choice(design),
        "acronym": rng.choice(["", "", label]), "phase": "II" if setting == "clinical" else "",
        "regimen": rng.choice(REGIMENS), "mixed_population": "all",
        "registry_id": rng.choice(["", f"NCT0{rng.randrange(10 ** 6, 10 ** 7)}"]),
        "table_position": str(rng.choice([20, 40, 90]))})
    reports = [f"{study}-report-{n}" for n in range(rng.choice([1, 1, 2, 3]))]
    for place, report in enumerate(reports, start=1):
        u.tables["reports"].append(_report(rng, new, study, report, place, lead=place == 1))
    arms = [f"{study}-arm-{n}" for n in range(rng.choice([1, 1, 2, 3]))]
    for arm, population in zip(arms, rng.sample(["refractory", "2L, 3L", "(exposed)", "≥75 years"],
                                                len(arms)), strict=True):
        exposure = rng.choice(["exposed", "exposed, not refractory", "refractory", "mixed"])
        share = rng.choice(["", "0", "40", "100"])
        u.tables["arms"].append({
            **new, "arm_id": arm, "study_id": study, "label": f"{rng.choice(REGIMENS)}, {population}",
            "regimen": "daratumumab", "population": population, "therapy": "retreatment",
            "exposure": exposure, "refractory_percent": share,
            "refractory_printed": f"{share}% ref" if share else "",
            **rng.choice([{}, {"n_total": "30", "n_total_kind": "reported"}])})
        for outcome in ("pfs", "os", "orr", "cr_or_better", "vgpr_or_better"):
            _result(rng, u, {**new, "arm_id": arm, "outcome": outcome, "use": "synthesis",
                             "report_id": rng.choice(reports)}, _key(arm, outcome))
    if rng.random() < 0.25:
        u.tables["arms"].append({
            **new, "arm_id": f"{study}-naive", "study_id": study, "label": "Dara (naive)",
            "regimen": "daratumumab", "population": "naive patients", "therapy": "comparator",
            "exposure": "naive"})
        _result(rng, u, {**new, "arm_id": f"{study}-naive", "outcome": "orr", "use": "comparator",
                         "report_id": reports[0]}, f"{study}-naive-orr")
    _characteristics(rng, u, new, study, reports, arms, setting)
    if rng.random() < 0.7:
        u.tables["quality"].append({
            **new, "study_id": study, "tool": "MMAT", "appraised": rng.choice(["true", "false", ""]),
            "kind": "reported", "rating_status": "not reported", "basis": "Made."})


def _report(rng: random.Random, new: Row, study: str, report: str, place: int, lead: bool) -> Row:
    return {**new, "report_id": report, "study_id": study, "citekey": report.replace("-", ""),
            "label": f"Made report {place}, 2026", "type": rng.choice(["article", "abstract"]),
            "year": "2026", "lead": str(lead).lower(), "found_via": "database",
            "ref": rng.choice(["", "", "99"]), "table_position": str(place)}


def _result(rng: random.Random, u: Update, row: Row, name: str) -> None:
    """A row for one group and outcome, in any state; sometimes none."""
    state = rng.choice(STATES)
    if state == "no row":
        return
    rate = row["outcome"] in ("orr", "cr_or_better", "vgpr_or_better")
    row = {**row, "outcome_id": name, "statistic": "proportion" if rate else "median",
           "unit": "percent" if rate else "months", "status": state, "kind": "reported",
           "ci_status": rng.choice(["not reported", "not transcribed"]),
           "figure": row.get("figure") or rng.choice(["", "", "", "", rng.choice(PANELS)]),
           "follow_up_printed": rng.choice(["", "", "14.5", "9 (3–20)", "≤53"])}
    if rng.random() < 0.6:
        row |= {"n_total": str(rng.choice([10, 11, 24, 173, 2500])),
                "n_total_kind": rng.choice(["reported", "derived"])}
    low, high = sorted(rng.sample([0.5, 1, 2.8, 5.25, 7, 19.0, 30], 2))
    if state == "value":
        row |= _valued(rng, row, rate)
    elif state in ("between", "at least", "at most", "limit of report", "not reached, limit"):
        row |= {"kind": "bound",
                "bound_low": f"{low:g}" if state != "at most" else "",
                "bound_high": f"{high:g}" if state not in ("at least", "not reached, limit")
                else ""}
        row["status"] = {"limit of report": "not reported",
                         "not reached, limit": "not reached"}.get(state) or rng.choice(
            ["not transcribed", "not reported"])
    u.tables["outcomes"].append(row)


def _valued(rng: random.Random, row: Row, rate: bool) -> Row:
    if rate:
        total = int(row.get("n_total") or 0)
        count = rng.choice([0, total, rng.randint(0, total)])
        value = f"{100 * count / total:.1f}" if total else rng.choice(["0", "4.9", "5", "52", "100"])
        own = {"n": str(count), "n_kind": rng.choice(["reported", "derived"])} \
            if total and rng.random() < 0.6 else {}
    else:
        value, own = rng.choice(MONTHS), {}
    printed = rng.choice([value, value, f"{value} (as printed)"])
    row = {"value": value, "printed": printed, **own, "kind": rng.choice(
        ["reported", "reported", "derived"]), "note": "Made."}
    if row["kind"] == "derived" and rng.random() < 0.5:
        row["printed"] = ""
    number = float(value)
    if rng.random() < 0.5:
        low = f"{number * rng.choice([0, 0.5, 0.9]):.1f}"
        low = low if float(low) <= number else "0.0"
        row |= {"ci_status": "value", "ci_level": rng.choice(["95", "95", "90"]), "ci_low": low}
        if rng.random() < 0.6 or rate:
            high = f"{min(number * 1.5 + 1, 100 if rate else 999):.1f}"
            row |= {"ci_high": high, "ci_high_status": "value", "ci_printed": f"{low}–{high}"}
        else:
            row["ci_high_status"] = rng.choice(["not reached", "not estimable"])
        if rng.random() < 0.3:
            row["ci_printed"] = ""
    return row


def _characteristics(rng: random.Random, u: Update, new: Row, study: str, reports: list[str],
                     arms: list[str], setting: str) -> None:
    table = f"tbl-{setting}"
    for name, unit in (("follow_up", "months"), ("prior_lines", "lines")):
        for number in range(rng.choice([0, 1, 1, 2])):
            arm = rng.choice(arms) if number else ""
            _characteristic(rng, u, {
                **new, "study_id": study, "report_id": rng.choice([reports[0], reports[-1], ""]),
                "arm_id": arm, "characteristic": name, "unit": unit, "use": "synthesis",
                "statistic": rng.choice(["median", "median", "median", "mean"]),
                "scope": "overall", "exposure_point": rng.choice(["retreatment", "not stated"]),
                "table": rng.choice([table, table, ""])}, _key(study, f"{name}-{number}"))
    for name in ("dara", "penta"):
        if rng.random() < 0.6:
            share = rng.choice(["0", "42", "95", "96", "100"])
            u.tables["characteristics"].append({
                **new, "characteristic_id": f"{study}-refractory-{name}", "study_id": study,
                "report_id": reports[0], "characteristic": "refractory", "detail": name,
                "statistic": "percent", "use": "synthesis", "status": "value", "kind": "reported",
                "value": share, "printed": f"{share}% {name} ref", "unit": "percent",
                "scope": "overall", "exposure_point": "retreatment",
                "table": rng.choice([table, ""])})
    if rng.random() < 0.7:
        u.tables["characteristics"].append({
            **new, "characteristic_id": f"{study}-population", "study_id": study,
            "report_id": reports[0], "characteristic": "population_size", "statistic": "count",
            "use": "context", "status": "value", "kind": "reported", "value": "51",
            "printed": "51", "unit": "patients", "scope": "overall",
            "exposure_point": "retreatment"})


def _characteristic(rng: random.Random, u: Update, row: Row, name: str) -> None:
    state = rng.choice(["value"] * 5 + ["bound", "not reported", "not transcribed", "not reached"])
    value = rng.choice(["1", "1.9", "3", "7", "12.0", "38"])
    row = {**row, "characteristic_id": name, "status": state, "kind": "reported"}
    if state == "value":
        row |= {"value": value, "printed": rng.choice([value, f"{value} (1–60)"])}
    elif state == "bound":
        row |= {"status": "not reported", "kind": "bound", "bound_high": value,
                "printed": rng.choice([f"≤{value}", ""])}
    u.tables["characteristics"].append(row)


# --- what changes rows that are there -----------------------------------------------------------


def _correct(rng: random.Random, u: Update, key: str) -> None:
    """A result superseded, and a new row in its place that does not say where the article drew it."""
    rows = _old(u, "outcomes", key)
    if not rows:
        return
    old = rng.choice(rows)
    before = len(u.tables["outcomes"])
    _result(rng, u, {
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
    _characteristic(rng, u, {
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
    u.tables["reports"] += [kept, _report(rng, new, study, f"{study}-lead-{key}", 1, lead=True)]
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
