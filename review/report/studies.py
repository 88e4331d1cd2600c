"""A section for each study: all that the dataset holds of it, where it is used, what was found."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

import pandas as pd

from review.audit import compare, sources
from review.audit.registry import Entry
from review.dataset.load import Review, read_all
from review.dataset.schema import ADDED, EXTRACTION, ROW, SUPERSEDED
from review.dataset.views import Record, as_records
from review.markdown import escape, filled_table, pipe_table
from review.report import row_links
from review.report.row_words import details, result, told
from review.wording import counted, day

NOT_GIVEN = "–"
# a new line in a cell, for page and print
BREAK = "<br>"
# what each line has a place of its own for, what places the row in the dataset, and what the
# article's figures and tables show of its place there
ELSEWHERE = {"study_id", "report_id", "arm_id", "outcome_id", "characteristic_id", "source_id",
             "locator", *EXTRACTION, ADDED, SUPERSEDED, ROW, "figure", "figure_row",
             "figure_row_options", "table", "footnote"}


def index(r: Review) -> str:
    """Every study with how much the dataset holds of it, as a table that the page can sort."""
    lines = []
    for study in _ordered(r).itertuples():
        found = _entries(r, study.study_id)
        lines.append([
            f"[{escape(study.label)}](#study-{study.study_id})", _setting(r, study.setting),
            _cell(study.design), *(str(len(_of(r, table, study.study_id)))
                                   for table in ("reports", "arms", "outcomes")),
            str(len(found)), str(sum(e.status == compare.DIFFERS for e in found))])
    table = pipe_table(["Study", "Setting", "Design", "Reports", "Groups", "Results", "Statements",
                        "Of them not matching"], lines, widths=[20, 17, 15, 9, 9, 9, 14, 13])
    return f"::: {{.sortable}}\n{table}\n:::\n"


def sections(r: Review) -> str:
    """A section for each study, by setting, in the order of the review's tables."""
    parts = []
    for code, setting in r.contents.vocabulary.settings.items():
        studies = _ordered(r)[lambda frame, code=code: frame["setting"] == code]
        if len(studies):
            parts.append(f"## {escape(setting.title)} {{#studies-{code}}}")
            parts += [section(r, study) for study in studies.to_dict("records")]
    return "\n\n".join(parts)


def section(r: Review, study: dict[str, Any]) -> str:
    """All that the dataset holds of one study. study: its row of studies.csv."""
    name = study["study_id"]
    return "\n\n".join(filter(None, [
        f"### {escape(study['label'])} {{#study-{name} .unnumbered .unlisted}}",
        _summary(r, study), _reports(r, name), _groups(r, name), _outcomes(r, name),
        _characteristics(r, name), _extraction(r, name), _uses(r, name)]))


def _summary(r: Review, study: Record) -> str:
    facts = [_setting(r, study["setting"]), _cell(study.get("design"))]
    facts += [f"{words} {_cell(study[field])}" for field, words in (
        ("phase", "phase"), ("regimen", "regimen"), ("country", "country"))
        if field in study and not pd.isna(study[field])]
    told = "; ".join(facts)
    # around words: Typst has nothing to set the id of an empty span on
    parts = [f"[{told[:1].upper()}{told[1:]}.]{{#{row_links.anchor(study[ROW])}}}"]
    registry = study.get("registry_id")
    if isinstance(registry, str):
        parts.append(f"Registry: [{registry}](https://clinicaltrials.gov/study/{registry})."
                     if registry.startswith("NCT") else f"Registry: {escape(registry)}.")
    note = study.get("note")
    if isinstance(note, str):
        parts.append(escape(note))
    return f"{' '.join(parts)} Source: {_place(r, study)}.{_quoted(r, study[ROW])}"


def _reports(r: Review, name: str) -> str:
    lines = []
    for row in _of(r, "reports", name):
        lead = ", lead report" if row.get("lead") is True else ""
        doi = row.get("doi")
        address = f", [doi:{doi}](https://doi.org/{doi})" if isinstance(doi, str) else ""
        lines.append(f"- [{_cell(row['label'])}]{{#{row_links.anchor(row[ROW])}}} "
                     f"[@{row['citekey']}]: {_cell(row.get('type'))}{lead}{address}."
                     f"{_quoted(r, row[ROW])}")
    names = r.studies.loc[r.studies["study_id"] == name, "label"].tolist()
    for row in _retracted(r, name).itertuples():
        named = row.label.replace(",", "") in [label.replace(",", "") for label in names]
        lines.append(
            f"- {_cell(row.label)} [@{row.citekey}]: {_cell(row.type)}, retracted in "
            f"{escape(_edition(r, row.edition_superseded))}"
            + (", lead report until then" if row.lead else "")
            + (", from which the study keeps its name." if named else "."))
    head = f"#### Reports {{#reports-{name} .unnumbered .unlisted}}"
    return f"{head}\n\n" + "\n".join(lines) if lines else ""


def _retracted(r: Review, name: str) -> pd.DataFrame:
    """Reports of a study that were taken out by this edition or one before, as nothing takes the
    place of a retracted one."""
    rows, why = read_all(r.data)["reports"], r.supersessions
    places = r.editions.set_index("edition_id")["position"]
    gone = why[(why["table"] == "reports") & (why["kind"] == "retraction")
               & why["successor"].isna()]
    until = rows[SUPERSEDED].map(places) <= r.edition["position"]
    return rows[(rows["study_id"] == name) & rows["report_id"].isin(gone["key"])
                & until.fillna(False)]


def _edition(r: Review, key: str) -> str:
    return str(r.editions.set_index("edition_id").at[key, "name"])


def _groups(r: Review, name: str) -> str:
    lines = []
    for row in _of(r, "arms", name):
        more = details(row, ELSEWHERE | {"label", "population", "n_total"})
        lines.append([_named(row, row["label"]), _cell(row.get("population")), more,
                      _whole(row.get("n_total")), _place(r, row), _claims(r, row)])
    return filled_table(["Group", "Patients", "Details", "N", "Source", "Statements"], lines,
                        most=[22, 26, 52, 4, 24, 18])


def _outcomes(r: Review, name: str) -> str:
    groups = {row["arm_id"]: row["label"] for row in _of(r, "arms", name)}
    lines = [[_named(row, r.contents.vocabulary.measured(row["outcome"], row["statistic"])),
              _cell(groups.get(row["arm_id"])), result(row),
              _details(r, name, row, "outcome", "statistic"),
              _place(r, row), _claims(r, row)]
             for row in _of(r, "outcomes", name)]
    return filled_table(["Result", "Group", "Value", "Details", "Source", "Statements"], lines,
                        most=[22, 20, 22, 40, 26, 22])


def _characteristics(r: Review, name: str) -> str:
    groups = {row["arm_id"]: row["label"] for row in _of(r, "arms", name)}
    lines = []
    for row in _of(r, "characteristics", name):
        what = row["characteristic"].replace("_", " ")
        if isinstance(row.get("detail"), str):
            what += f", {row['detail'].replace('_', ' ')}"
        if group := groups.get(row.get("arm_id")):
            what += f", group “{group}”"
        usual = r.contents.vocabulary.characteristics.get(row["characteristic"])
        own = ("statistic",) if row.get("statistic") in (
            usual and usual.statistic, row.get("unit")) else ()
        lines.append([_named(row, what), result(row),
                      _details(r, name, row, "characteristic", "detail", *own),
                      _place(r, row), _claims(r, row)])
    return filled_table(["Characteristic", "Value", "Details", "Source", "Statements"], lines,
                        most=[26, 22, 44, 28, 18])


def _details(r: Review, name: str, row: Record, *named: str) -> str:
    """What a row holds besides its result and the fields that name it: first the report that it
    belongs to, where the study has several."""
    cited = {one["report_id"]: one["citekey"] for one in _of(r, "reports", name)}
    report = f"report [@{cited[row['report_id']]}]" \
        if len(cited) > 1 and row.get("report_id") in cited else ""
    return "; ".join(filter(None, [report, details(row, {*ELSEWHERE, *told(row), *named})]))


def _extraction(r: Review, name: str) -> str:
    """Who read the study's results and characteristics and who checked them, with how many values
    each did; that it is not recorded, where it is not."""
    rows = [row for table in ("outcomes", "characteristics")
            for row in _of(r, table, name) if set(EXTRACTION) <= set(row)]
    told = Counter((_done(row, "extracted"), _done(row, "checked")) for row in rows)
    parts = [_who(counted(n, "value", "values"), read, checked)
             for (read, checked), n in told.items()]
    return f"**Extraction:** {'; '.join(parts)}." if parts else ""


def _done(row: dict[str, Any], what: str) -> str:
    """Who did it and when: "checked by B. Lastname on 5 March 2026"; empty where it is not
    recorded."""
    who, when = row[f"{what}_by"], row[f"{what}_on"]
    if pd.isna(who):
        return ""
    return f"{what} by {escape(str(who))}" + ("" if pd.isna(when) else f" on {day(when)}")


def _who(values: str, read: str, checked: str) -> str:
    """Who read and checked so many values, or that it is not recorded."""
    if not read and not checked:
        return f"who extracted and who checked {values} is not recorded"
    unknown = "" if read and checked else \
        f" (who {'checked' if read else 'extracted'} is not recorded)"
    return f"{values} {', '.join(filter(None, [read, checked]))}{unknown}"


def _uses(r: Review, name: str) -> str:
    parts = []
    if places := row_links.shown_in(r).get(name):
        parts.append("**Shown in** " + ", ".join(f"@{label}" for label in places) + ".")
    if wrong := [e for e in _entries(r, name) if e.status == compare.DIFFERS]:
        told = "; ".join(f"{row_links.claim_links(r, [e.claim_id])} {escape(e.claim)}"
                         for e in wrong)
        parts.append(f"**Statements that do not match** ({len(wrong)}): {told}.")
    return "\n\n".join(parts)


def _named(row: dict[str, Any], words: str) -> str:
    """Words with the id of the row, which they lead to, and its key in small type."""
    name = row_links.anchor(row[ROW])
    return (f"[{escape(_one_line(words))}]{{#{name}}}{BREAK}"
            f"[[{escape(row_links.key(row[ROW]))}](#{name})]{{.row-key}}")


def _place(r: Review, row: dict[str, Any]) -> str:
    source = row.get("source_id")
    if not isinstance(source, str):
        return ""
    return f"{escape(_one_line(str(row['locator'])))} [@{sources.citekey(r, source)}]"


def _claims(r: Review, row: dict[str, Any]) -> str:
    return row_links.claim_links(r, (e.claim_id for e in row_links.resting(r).get(row[ROW], ())))


def _quoted(r: Review, row: str) -> str:
    found = row_links.resting(r).get(row, ())
    if not found:
        return ""
    return (f" {counted(len(found), 'statement', 'statements').capitalize()} on it: "
            f"{row_links.claim_links(r, (e.claim_id for e in found))}.")


def _entries(r: Review, name: str) -> list[Entry]:
    """The statements that rest on any row of a study, each once, in the ledger's order."""
    keys = [f"studies/{name}"]
    keys += [row[ROW] for table in ("reports", "arms", "characteristics", "outcomes")
             for row in _of(r, table, name)]
    found = {e.claim_id: e for row in keys for e in row_links.resting(r).get(row, ())}
    order = {claim_id: place for place, claim_id in enumerate(r.claims["claim_id"])}
    return sorted(found.values(), key=lambda e: order.get(e.claim_id, len(order)))


def _ordered(r: Review) -> pd.DataFrame:
    settings = list(r.contents.vocabulary.settings)
    place = r.studies["setting"].map({code: n for n, code in enumerate(settings)})
    return r.studies.assign(_place=place).sort_values(["_place", "table_position"], kind="stable")


def _of(r: Review, table: str, study: str) -> list[Record]:
    """A study's rows of a table, in the order of the table."""
    return _by_study(r, table).get(study, [])


@lru_cache(maxsize=32)
def _by_study(r: Review, table: str) -> dict[str, list[Record]]:
    study_of = dict(zip(r.arms["arm_id"], r.arms["study_id"], strict=True))
    found: dict[str, list[Record]] = {}
    for row in as_records(r.tables[table]):
        study = study_of.get(row["arm_id"]) if table == "outcomes" else row["study_id"]
        if study is not None:
            found.setdefault(study, []).append(row)
    return found


def _setting(r: Review, code: str) -> str:
    return escape(r.contents.vocabulary.settings[code].one)


def _whole(value: Any) -> str:
    return NOT_GIVEN if value is None or pd.isna(value) else str(value)


def _cell(value: Any, missing: str = NOT_GIVEN) -> str:
    return missing if value is None or pd.isna(value) else escape(_one_line(str(value)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
