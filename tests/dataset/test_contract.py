"""The dataset keeps its contract: schema, keys, sources, bounds, printed values, figure rows.

Each rule is a function from the tables to a list of problems. Every rule is run twice: on the
dataset, where it must find nothing, and on a spoilt copy, where it must find the damage. What is
counted is the published edition, which is frozen; rows of later editions keep the general rules.
"""

import json
import re
import shutil
from decimal import Decimal, InvalidOperation
from pathlib import Path

import frictionless
import pandas as pd
import pytest

DATA = Path(__file__).parents[2] / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}

NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?")  # not the 38 of CD38
# Panel -> rows of the published panel, as far as its text layer lists them.
PANEL_ROWS = {"fig-rwe-pfs": 13, "fig-rwe-os": 7, "fig-rwe-orr": 14}
# Panel -> first and last row of the block that runs from high to low.
DESCENDING = {"fig-rwe-pfs": (1, 7), "fig-rwe-os": (1, 6), "fig-rwe-orr": (1, 14)}
# Printed with a decimal that no whole count of the group gives; the whole percent fits.
WHOLE_PERCENT = {"nooka-2019-naive-orr", "nooka-2019-dara-and-pom-refractory-orr"}


def read_tables(folder: Path = DATA) -> dict[str, pd.DataFrame]:
    """Every resource as text, exactly as it stands in its file."""
    return {
        name: pd.read_csv(folder / resource["path"], dtype=str, keep_default_na=False)
        for name, resource in RESOURCES.items()
    }


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return read_tables()


def published(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["edition_added"] == "published"]


def joined(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Published outcomes with the study and setting of their arm and the number of their report."""
    arms = tables["arms"].set_index("arm_id")["study_id"]
    setting = tables["studies"].set_index("study_id")["setting"]
    reports = tables["reports"].set_index("report_id")
    rows = published(tables["outcomes"]).copy()
    rows["study_id"] = rows["arm_id"].map(arms)
    rows["setting"] = rows["study_id"].map(setting)
    rows["ref"] = rows["report_id"].map(reports["ref"])
    rows["report_study"] = rows["report_id"].map(reports["study_id"])
    return rows


# Rules ------------------------------------------------------------------------------------------


def keys_are_unique(tables):
    for name, resource in RESOURCES.items():
        key = resource["schema"].get("primaryKey")
        if key:
            for value in tables[name].loc[tables[name].duplicated(key), key].values.tolist():
                yield f"{name}: key {value} stands twice"


def foreign_keys_hold(tables):
    for name, resource in RESOURCES.items():
        for link in resource["schema"].get("foreignKeys", []):
            target = link["reference"]["resource"] or name
            here, there = link["fields"], link["reference"]["fields"]
            known = set(map(tuple, tables[target][there].values))
            for value in map(tuple, tables[name][here].values):
                if all(value) and value not in known:
                    yield f"{name}.{here}: {value} is not in {target}"


def rows_have_source_and_locator(tables):
    for name, resource in RESOURCES.items():
        fields = {field["name"] for field in resource["schema"]["fields"]}
        for column in {"source_id", "locator"} & fields:
            for index in tables[name].index[tables[name][column].str.strip() == ""]:
                yield f"{name} row {index + 2}: {column} is empty"


def value_stands_exactly_where_status_says(tables):
    for name, column, status in (
        ("outcomes", "value", "status"),
        ("characteristics", "value", "status"),
        ("flow", "n", "status"),
        ("search", "hits", "hits_status"),
    ):
        table = tables[name]
        wrong = (table[column] != "") != (table[status] == "value")
        for key in table.loc[wrong].iloc[:, 0]:
            yield f"{name} {key}: {column} and {status} disagree"


def bounds_are_never_values(tables):
    for name in ("outcomes", "characteristics"):
        for row in tables[name].to_dict("records"):
            key = next(iter(row.values()))
            bounds = [Decimal(row[b]) for b in ("bound_low", "bound_high") if row[b]]
            if (row["kind"] == "bound") != bool(bounds):
                yield f"{name} {key}: kind bound and the bounds disagree"
            if bounds and row["value"]:
                yield f"{name} {key}: a bound with a value"
            if len(bounds) == 2 and bounds[0] > bounds[1]:
                yield f"{name} {key}: bounds the wrong way round"


def printed_agrees_with_value(tables):
    """The first number printed is the value; the next two are the bracket, where there is one."""
    for name, low, high in (
        ("outcomes", None, None),
        ("characteristics", "low", "high"),
        ("flow", None, None),
    ):
        value = "n" if name == "flow" else "value"
        for row in tables[name].to_dict("records"):
            key = next(iter(row.values()))
            if row[value] and not row["printed"] and row["kind"] == "reported":
                yield f"{name} {key}: nothing printed"
            if not (row[value] and row["printed"]):
                continue
            numbers = [Decimal(found) for found in NUMBER.findall(row["printed"])]
            stored = [row[value]] + ([row[low], row[high]] if low else [])
            if numbers[: len(stored)] != [Decimal(found) for found in stored if found]:
                yield f"{name} {key}: printed {row['printed']!r}, stored {stored}"


def printed_interval_agrees(tables):
    for row in tables["outcomes"].to_dict("records"):
        key, printed = row["outcome_id"], row["ci_printed"]
        if (row["ci_status"] == "value") != bool(row["ci_low"] and printed and row["ci_level"]):
            yield f"{key}: interval and ci_status disagree"
        if row["ci_status"] != "value":
            continue
        low, _, high = printed.partition("–")
        stored_high = row["ci_high"] if row["ci_high_status"] == "value" else row["ci_high_status"]
        try:
            same = Decimal(low) == Decimal(row["ci_low"]) and (
                high == stored_high or Decimal(high) == Decimal(stored_high)
            )
        except InvalidOperation:
            same = False
        if not same:
            yield f"{key}: printed {printed!r}, stored {row['ci_low']} and {stored_high}"


def intervals_hold_their_value(tables):
    for row in tables["outcomes"].to_dict("records"):
        for low, high in (("ci_low", "ci_high"), ("range_low", "range_high")):
            if row[low] and Decimal(row[low]) > Decimal(row["value"]):
                yield f"{row['outcome_id']}: {low} above the value"
            if row[high] and Decimal(row[high]) < Decimal(row["value"]):
                yield f"{row['outcome_id']}: {high} below the value"
    for row in tables["characteristics"].to_dict("records"):
        if row["low"] and not (
            Decimal(row["low"]) <= Decimal(row["value"]) <= Decimal(row["high"])
        ):
            yield f"{row['characteristic_id']}: the bracket does not hold the value"


def counts_give_their_percent(tables):
    """A responder count over its denominator prints as the stored percent."""
    rows = tables["outcomes"]
    rows = rows[(rows["statistic"] == "proportion") & (rows["n"] != "") & (rows["value"] != "")]
    for row in rows.to_dict("records"):
        share = 100 * Decimal(row["n"]) / Decimal(row["n_total"])
        decimals = len(row["printed"].partition(".")[2])
        half = Decimal("0.5") if row["outcome_id"] in WHOLE_PERCENT else Decimal("0.5").scaleb(
            -decimals
        )
        if abs(share - Decimal(row["value"])) > half:
            yield f"{row['outcome_id']}: {row['n']}/{row['n_total']} is not {row['value']}%"


def unit_follows_statistic(tables):
    unit = {"median": "months", "proportion": "percent"}
    for row in tables["outcomes"].to_dict("records"):
        if row["unit"] != unit[row["statistic"]]:
            yield f"{row['outcome_id']}: {row['statistic']} in {row['unit']}"


def counts_know_how_they_are_known(tables):
    for name, columns in (("outcomes", ("n", "n_total")), ("arms", ("n_total",))):
        for row in tables[name].to_dict("records"):
            for column in columns:
                if bool(row[column]) != bool(row[f"{column}_kind"]):
                    yield f"{name} {next(iter(row.values()))}: {column} without its kind or so"


def keys_tell_their_parents(tables):
    for row in tables["arms"].to_dict("records"):
        if not row["arm_id"].startswith(row["study_id"] + "-"):
            yield f"arm {row['arm_id']} does not start with its study"
    for row in tables["outcomes"].to_dict("records"):
        if not row["outcome_id"].startswith(row["arm_id"] + "-"):
            yield f"outcome {row['outcome_id']} does not start with its arm"


def reports_belong_to_the_study_of_the_row(tables):
    rows = joined(tables)
    for row in rows[rows["report_id"] != ""].to_dict("records"):
        if row["study_id"] != row["report_study"]:
            yield f"{row['outcome_id']}: report {row['report_id']} is of another study"
    study = tables["reports"].set_index("report_id")["study_id"]
    arm = tables["arms"].set_index("arm_id")["study_id"]
    for row in tables["characteristics"].to_dict("records"):
        if row["report_id"] and study.get(row["report_id"]) != row["study_id"]:
            yield f"{row['characteristic_id']}: report of another study"
        if row["arm_id"] and arm.get(row["arm_id"]) != row["study_id"]:
            yield f"{row['characteristic_id']}: group of another study"


def context_is_not_from_the_article(tables):
    for name in ("outcomes", "characteristics"):
        table = tables[name]
        wrong = (table["use"] == "context") & (table["source_id"] == "gay2025")
        for key in table.loc[wrong].iloc[:, 0]:
            yield f"{name} {key}: context read from the article itself"


def synthesis_is_of_retreated_patients(tables):
    therapy = tables["arms"].set_index("arm_id")["therapy"]
    rows = tables["outcomes"]
    for row in rows[rows["use"] == "synthesis"].to_dict("records"):
        if therapy.get(row["arm_id"]) != "retreatment":
            yield f"{row['outcome_id']}: synthesis row of a group that is not retreated"


def each_study_has_one_lead_report(tables):
    standing = tables["reports"].query("lead == 'true' and edition_superseded == ''")
    lead = standing.groupby("study_id").size()
    for study in tables["studies"]["study_id"]:
        if lead.get(study, 0) != 1:
            yield f"{study}: {lead.get(study, 0)} lead reports"
    first = tables["reports"].query("lead == 'true' and table_position != '1'")
    for report in published(first)["report_id"]:
        yield f"{report}: the lead report of the article is the first line of its study"


def reports_agree_with_the_reference_list(tables):
    listed = tables["references"].set_index("ref")
    for row in published(tables["reports"]).to_dict("records"):
        for field in ("citekey", "type", "year", "doi"):
            if row[field] != listed.loc[row["ref"], field]:
                yield f"{row['report_id']}: {field} differs from the reference list"
    included = set(listed.query("role == 'included'").index)
    if included != set(published(tables["reports"])["ref"]):
        yield "the reports are not the included references"


def published_counts(tables):
    studies, reports = published(tables["studies"]), published(tables["reports"])
    setting = reports["study_id"].map(studies.set_index("study_id")["setting"])
    edition = tables["editions"].set_index("edition_id").loc["published"]
    counts = {
        "studies": (len(studies), int(edition["studies"])),
        "reports": (len(reports), int(edition["reports"])),
        "clinical studies": ((studies["setting"] == "clinical").sum(), int(edition["clinical"])),
        "real-world studies": ((studies["setting"] == "rwe").sum(), int(edition["rwe"])),
        "publications in Table 1": ((setting == "clinical").sum(), 10),
        "publications in Table 2": ((setting == "rwe").sum(), 24),
        "randomised trials": ((studies["design"] == "randomised").sum(), 2),
        "single-arm trials": ((studies["design"] == "single-arm").sum(), 4),
        "prospective studies": ((studies["design"] == "prospective").sum(), 1),
        "retrospective studies": ((studies["design"] == "retrospective").sum(), 17),
        "articles": ((reports["type"] == "article").sum(), 16),
        "abstracts": ((reports["type"] == "abstract").sum(), 17),
        "registry records": ((reports["type"] == "registry").sum(), 1),
        "appraised studies": ((published(tables["quality"])["appraised"] == "true").sum(), 16),
        "studies with an article": (reports.query("type == 'article'")["study_id"].nunique(), 16),
    }
    for what, (found, expected) in counts.items():
        if found != expected:
            yield f"{found} {what}, not {expected}"


def refs(text: str) -> set[int]:
    """'21, 28–31' -> {21, 28, 29, 30, 31}."""
    found = set()
    for part in text.split(","):
        low, _, high = part.strip().partition("–")
        found |= set(range(int(low), int(high or low) + 1))
    return found


CITED = {
    ("clinical", "pfs"): "22–27",
    ("clinical", "os"): "23, 24, 26",
    ("clinical", "orr"): "22–27",
    ("rwe", "pfs"): "21, 28–35",
    ("rwe", "os"): "21, 30–33, 35, 36",
    ("rwe", "orr"): "31–44",
    ("rwe", "cr_or_better"): "31–38, 40, 43, 44",
    ("rwe", "time_to_retreatment"): "37",
}


def cited_results_have_rows(tables):
    """Every study that the article cites for an outcome has a result, and no other study has."""
    rows = joined(tables)
    rows = rows[(rows["use"] == "synthesis") & (rows["figure"] != "fig-naive")]
    for (setting, outcome), text in CITED.items():
        group = rows[(rows["setting"] == setting) & (rows["outcome"] == outcome)]
        found = set(group["ref"].astype(int))
        if found != refs(text):
            yield f"{setting} {outcome}: refs {sorted(found ^ refs(text))} differ from the article"
        if group["study_id"].nunique() != len(found):
            yield f"{setting} {outcome}: {group['study_id'].nunique()} studies, {len(found)} refs"
    naive = joined(tables).query("figure == 'fig-naive'")
    found = set(naive["ref"].astype(int))
    if found != refs("34, 37, 45"):
        yield f"naive comparison: refs {sorted(found)}"


def figure_rows_fill_their_panel_once(tables):
    rows = published(tables["outcomes"])
    for panel, group in rows[rows["figure"] != ""].groupby("figure"):
        known = [int(row) for row in group["figure_row"] if row]
        twice = sorted({row for row in known if known.count(row) > 1})
        if twice:
            yield f"{panel}: rows {twice} stand twice"
        unsure = group[group["figure_row_options"] != ""]
        options = {int(o) for text in unsure["figure_row_options"] for o in text.split(";")}
        if (unsure["figure_row"] != "").any() or options & set(known):
            yield f"{panel}: a row is both known and open"
        for text, same in unsure.groupby("figure_row_options"):
            if len(same) != len(text.split(";")):
                yield f"{panel}: {len(same)} results for rows {text}"
        if panel in PANEL_ROWS and set(known) | options != set(range(1, PANEL_ROWS[panel] + 1)):
            yield f"{panel}: rows {sorted(set(known) | options)}, not 1 to {PANEL_ROWS[panel]}"


def bounds_follow_the_row_order(tables):
    """In a block that runs from high to low no bound is narrower than its known neighbours."""
    rows = published(tables["outcomes"])
    half_digit = Decimal("0.05")
    for panel, (first, last) in DESCENDING.items():
        group = rows[rows["figure"] == panel]
        known = {
            int(row["figure_row"]): 100 * Decimal(row["n"]) / Decimal(row["n_total"])
            if row["n"]
            else Decimal(row["value"])
            for row in group.to_dict("records")
            if row["value"] and first <= int(row["figure_row"] or 0) <= last
        }
        order = [known[row] for row in sorted(known)]
        if order != sorted(order, reverse=True):
            yield f"{panel}: known values do not run from high to low"
        for row in group[group["bound_low"] != ""].to_dict("records"):
            places = [int(o) for o in (row["figure_row"] or row["figure_row_options"]).split(";")]
            if min(places) < first or max(places) > last:
                continue
            above = [value for place, value in known.items() if place < min(places)]
            below = [value for place, value in known.items() if place > max(places)]
            if above and abs(Decimal(row["bound_high"]) - min(above)) > half_digit:
                yield f"{row['outcome_id']}: upper bound is not {min(above)}"
            if below and abs(Decimal(row["bound_low"]) - max(below)) > half_digit:
                yield f"{row['outcome_id']}: lower bound is not {max(below)}"


def flow_adds_up(tables):
    flow = tables["flow"].query("edition_id == 'published' and n != ''")
    n = flow.set_index("data")["n"].astype(int)
    sums = {
        "screened": n["database_results"] - n["duplicates"] - n["records_screened"],
        "assessed": n["records_screened"] - n["records_excluded"] - n["dbr_assessed"],
        "from databases": n["dbr_assessed"] - n["dbr_excluded"] - n["included_databases"],
        "other sources": n["included_conferences"]
        + n["included_registers"]
        + n["included_citations"]
        - n["included_other"],
        "reports": n["included_databases"] + n["included_other"] - n["total_reports"],
        "reports listed": n["total_reports"] - len(published(tables["reports"])),
        "studies listed": n["total_studies"] - len(published(tables["studies"])),
    }
    for what, difference in sums.items():
        if difference:
            yield f"flow, {what}: off by {difference}"


def flow_has_every_box(tables):
    field = next(f for f in RESOURCES["flow"]["schema"]["fields"] if f["name"] == "data")
    boxes = set(tables["flow"].query("edition_id == 'published'")["data"])
    # reasons of exclusion are lines inside a box, and the article gives none with a count
    wanted = {box for box in field["constraints"]["enum"] if not box.endswith("_reason")}
    for missing in sorted(wanted - boxes):
        yield f"flow: no row for {missing}"


def tables_have_every_cell(tables):
    cells = published(tables["characteristics"]).query("table != ''")
    leads = published(tables["reports"]).query("lead == 'true'").set_index("study_id")["report_id"]
    for study in published(tables["studies"]).to_dict("records"):
        own = cells[cells["report_id"] == leads[study["study_id"]]]
        for column in ("follow_up", "prior_lines", "refractory"):
            if column not in set(own["characteristic"]):
                yield f"{study['study_id']}: no {column} cell on its lead line"
        table = "tbl-clinical" if study["setting"] == "clinical" else "tbl-rwe"
        if (own["table"] != table).any():
            yield f"{study['study_id']}: cell in the wrong table"


def footnotes_exist(tables):
    known = set(map(tuple, tables["footnotes"][["table", "footnote"]].values))
    for row in tables["characteristics"].query("footnote != ''").to_dict("records"):
        if (row["table"], row["footnote"]) not in known:
            yield f"{row['characteristic_id']}: footnote {row['footnote']} is not listed"
        if row["spread"] != {"iqr": "iqr", "ci95": "95% CI"}.get(row["footnote"]):
            yield f"{row['characteristic_id']}: bracket and footnote disagree"


def one_main_outcome(tables):
    outcomes = tables["eligibility"].query("element == 'Outcomes' and direction == 'include'")
    if len(outcomes) != 7:
        yield f"{len(outcomes)} outcomes of interest, not 7"
    main = outcomes.query("main == 'true'")["term"].tolist()
    if main != ["pfs"]:
        yield f"main outcome {main}"


def editions_follow_each_other(tables):
    position = tables["editions"].set_index("edition_id")["position"].astype(int)
    predecessor = set(tables["editions"].query("type == 'predecessor'")["edition_id"])
    for name, table in tables.items():
        if "edition_added" not in table:
            continue
        for row in table.to_dict("records"):
            key = next(iter(row.values()))
            if row["edition_added"] in predecessor:
                yield f"{name} {key}: the predecessor carries no rows"
            later = row["edition_superseded"]
            if later and position[later] <= position[row["edition_added"]]:
                yield f"{name} {key}: superseded before it was added"


# Damage: rule -> (table, key of the row, field, spoilt value); key None appends a doubled row.
DAMAGE = {
    keys_are_unique: ("studies", None, None, None),
    foreign_keys_hold: ("arms", "emmy-retreated", "source_id", "nowhere"),
    rows_have_source_and_locator: ("outcomes", "image-refractory-pfs", "locator", " "),
    value_stands_exactly_where_status_says: ("flow", "published-excluded_other", "n", "0"),
    bounds_are_never_values: ("outcomes", "emmy-retreated-os", "value", "12.0"),
    printed_agrees_with_value: ("characteristics", "kikuchi-2023-follow-up", "high", "52.0"),
    printed_interval_agrees: ("outcomes", "image-exposed-pfs", "ci_high_status", "not reached"),
    intervals_hold_their_value: ("outcomes", "image-refractory-pfs", "ci_low", "3.4"),
    counts_give_their_percent: ("outcomes", "mammoth-dara-based-orr", "n", "15"),
    unit_follows_statistic: ("outcomes", "zhou-2022-retreated-os", "unit", "percent"),
    counts_know_how_they_are_known: ("outcomes", "mammoth-dara-based-orr", "n_kind", ""),
    keys_tell_their_parents: ("arms", "image-naive", "study_id", "emmy"),
    reports_belong_to_the_study_of_the_row: (
        "outcomes", "dara-atra-retreated-os", "report_id", "ref-24",
    ),
    context_is_not_from_the_article: (
        "outcomes", "szabo-2022-next-line-dara-os", "source_id", "gay2025",
    ),
    synthesis_is_of_retreated_patients: ("outcomes", "image-naive-pfs", "use", "synthesis"),
    each_study_has_one_lead_report: ("reports", "ref-36", "lead", "true"),
    reports_agree_with_the_reference_list: ("reports", "ref-45", "year", "2020"),
    published_counts: ("reports", "ref-63", "type", "abstract"),
    cited_results_have_rows: ("outcomes", "mammoth-dara-based-orr", "report_id", "ref-28"),
    figure_rows_fill_their_panel_once: (
        "outcomes", "kikuchi-2023-retreated-orr", "figure_row", "9",
    ),
    bounds_follow_the_row_order: ("outcomes", "emmy-retreated-os", "bound_high", "16.0"),
    flow_adds_up: ("flow", "published-duplicates", "n", "131"),
    flow_has_every_box: ("flow", "published-other_excluded", "data", "duplicates"),
    tables_have_every_cell: ("characteristics", "emmy-prior-lines", "characteristic", "follow_up"),
    footnotes_exist: ("characteristics", "szabo-2022-follow-up", "footnote", "ci95"),
    one_main_outcome: ("eligibility", "outcome-os", "main", "true"),
    editions_follow_each_other: ("outcomes", "emmy-retreated-os", "edition_added", "ispor-2024"),
}
RULES = [pytest.param(rule, id=rule.__name__) for rule in DAMAGE]


def spoil(table: pd.DataFrame, key: str | None, field: str | None, value: str | None):
    if key is None:
        return pd.concat([table, table.tail(1)], ignore_index=True)
    row = table.iloc[:, 0] == key
    assert row.sum() == 1, f"no single row {key} to spoil"
    assert (table.loc[row, field] != value).all(), f"{key} has {value!r} already"
    return table.assign(**{field: table[field].mask(row, value)})


def test_dataset_validates_against_its_data_package():
    report = frictionless.Package(str(DATA / "datapackage.json")).validate()
    problems = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    assert report.valid, "\n".join(problems)


def test_data_package_refuses_a_word_out_of_its_list(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    outcomes = read_tables(folder)["outcomes"]
    spoilt = spoil(outcomes, "image-refractory-pfs", "status", "unknown")
    spoilt.to_csv(folder / "outcomes.csv", index=False)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert [task.name for task in report.tasks if task.errors] == ["outcomes"]


@pytest.mark.parametrize("rule", RULES)
def test_rule_holds(rule, tables):
    problems = list(rule(tables))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("rule", RULES)
def test_rule_finds_the_damage(rule, tables):
    name, key, field, value = DAMAGE[rule]
    spoilt = {**tables, name: spoil(tables[name], key, field, value)}
    assert list(rule(spoilt))
