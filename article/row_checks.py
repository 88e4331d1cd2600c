"""Row checks of this field and of this article: lines of therapy, references, abbreviations."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator

import pandas as pd
from scipy.special import bdtr

from review.audit import compare, registry, verdicts
from review.audit.row_checks import Find, row_check
from review.dataset import bibliography
from review.dataset.load import Review
from review.dataset.printed import plain as pointed
from review.dataset.schema import ROW
from review.dataset.views import described, known, results
from review.wording import plain

# two proteasome inhibitors and two immunomodulatory drugs take two lines, with one of each a line
LEAST_LINES = {"penta": 2}
TABLES = {"clinical": ("tbl-clinical", "figure-1"), "rwe": ("tbl-rwe", "figure-2")}


@row_check("too-few-lines", "Patients with fewer prior lines than their refractoriness takes")
def too_few_lines(r: Review) -> Iterator[Find]:
    """A group of which all are penta-refractory has patients with fewer prior lines than it takes
    to meet five drugs, or a retreated group has patients with none.

    Premise: a line has at most one proteasome inhibitor and one immunomodulatory drug. What is said
    to be counted before the index therapy is left out.
    """
    cells = known(described(r))
    cells = cells[cells["use"] == "synthesis"]
    lines = cells[(cells["characteristic"] == "prior_lines") & cells["low"].notna()
                  & (cells["spread"] == "range") & (cells["exposure_point"] != "index")]
    shares = cells[(cells["characteristic"] == "refractory") & (cells["value"] == 100)]
    for line in lines.to_dict("records"):
        own = shares[(shares["report_id"] == line["report_id"])
                     & shares["detail"].isin(list(LEAST_LINES))]
        least = max([1, *(LEAST_LINES[detail] for detail in own["detail"])])
        if line["low"] < least:
            why = f"{pointed(own['printed'].iloc[0])}, which takes {least}" if len(own) else \
                "a first anti-CD38 therapy before is one line"
            yield Find(f"{line['study']}: prior lines {pointed(line['printed'])}, so that "
                       f"somebody had {plain(line['low'])}; {why}", (line[ROW], *own[ROW]))


@row_check("interval-of-a-count", "A confidence interval of a median of whole numbers")
def interval_of_a_count(r: Review) -> Iterator[Find]:
    """A bracket beside a median number of lines is called its confidence interval.

    The interval of a median ends at the values of two patients in the middle of the order; how far
    apart they are follows from the number of patients. Set beside an interquartile range.
    """
    cells = known(described(r))
    cells = cells[(cells["unit"] == "lines") & (cells["spread"] == "95% CI")]
    sizes = known(described(r))
    sizes = sizes[sizes["characteristic"] == "population_size"]
    for cell in cells.to_dict("records"):
        own = {int(n) for n in sizes.loc[sizes["study_id"] == cell["study_id"], "value"]}
        rows = results(r)
        rows = rows[(rows["study_id"] == cell["study_id"]) & (rows["use"] == "synthesis")]
        told = []
        for n in sorted(own | {int(n) for n in rows["n_total"].dropna()}):
            first, last = ranks_of_median(n)
            told.append(f"of {n} patients it ends at number {first} and {last} in order, so that "
                        f"at most {max(last - first - 1, 0)} have {plain(cell['value'])}")
        yield Find(f"{cell['study']}: {pointed(cell['printed'])} lines, called a 95% interval; "
                   f"{'; '.join(told)}. As an interquartile range it says only that a quarter "
                   f"has {plain(cell['low'])} or fewer and a quarter {plain(cell['high'])} or "
                   "more", (cell[ROW],))


def ranks_of_median(n: int) -> tuple[int, int]:
    """Places in the order of n patients at which the exact 95% interval of their median ends.

    The widest pair with at most 2.5% beyond either, by the binomial distribution; 1 and n where n
    is too small for any.
    """
    first = 1
    while first + 1 <= math.ceil(n / 2) and bdtr(first, n, 0.5) <= 0.025:
        first += 1
    return first, n + 1 - first


@row_check("median-at-an-end", "A median at the end of its range")
def median_at_an_end(r: Review) -> Iterator[Find]:
    """A median equals the least or the greatest value of its range: at least half of the patients
    have that very value. Possible for whole numbers, and worth a look."""
    cells = known(described(r))
    cells = cells[(cells["spread"] == "range") & (cells["use"] == "synthesis")]
    for cell in cells.to_dict("records"):
        if cell["value"] in (cell["low"], cell["high"]) and cell["low"] < cell["high"]:
            yield Find(f"{cell['study']}: {pointed(cell['printed'])} {cell['unit']}, so that at "
                       f"least half of the patients have exactly {plain(cell['value'])}",
                       (cell[ROW],))


@row_check("reference-of-another-study", "A reference printed beside a result of another study")
def reference_of_another_study(r: Review) -> Iterator[Find]:
    """The one reference printed with a result belongs to another study than the result does, by
    its arithmetic or by the tables. On a later edition too it is the article that is read."""
    r = verdicts.published(r)
    study_of = r.reports.dropna(subset=["ref"]).set_index("ref")["study_id"].to_dict()
    labels = r.studies.set_index("study_id")["label"].to_dict()
    outcomes = results(r).set_index(ROW)["study_id"].to_dict()
    for claim in r.claims[r.claims["kind"] == "estimate"].to_dict("records"):
        if pd.isna(claim["refs_cited"]):
            continue
        cited = compare.references(claim["refs_cited"])
        answer = registry.entry(r, claim["claim_id"])
        own = {outcomes[row] for row in answer.rows if row in outcomes}
        if len(cited) == 1 and len(own) == 1:
            ref, study = next(iter(cited)), next(iter(own))
            if study_of.get(ref) != study:
                of = labels.get(str(study_of.get(ref)), "no included study")
                yield Find(f"{claim['section']}, {claim['claim']} ({claim['published']}): printed "
                           f"with reference {ref}, which is {of}; the result is of "
                           f"{labels[study]}", (f"claims/{claim['claim_id']}", *answer.rows))


@row_check("panel-size", "A size in a panel and another in the text")
def panel_size(r: Review) -> Iterator[Find]:
    """A panel prints another size beside a row than the text or another panel gives for the same
    group. The text layer was read by machine, so that a digit may be misread."""
    rows = results(r)
    for printed in r.panels.dropna(subset=["n_total"]).to_dict("records"):
        own = rows[(rows["figure"] == printed["figure"]).fillna(False)
                   & (rows["figure_row"] == printed["figure_row"]).fillna(False)
                   & (rows["n_total"] != printed["n_total"]).fillna(False)]
        for row in own.to_dict("records"):
            yield Find(f"{row['study']}: {printed['n_total']} patients in row "
                       f"{printed['figure_row']} of the panel, {row['n_total']} elsewhere",
                       (row[ROW], printed[ROW]))


@row_check("abbreviation-undefined", "An abbreviation that its table or figure does not explain")
def abbreviation_undefined(r: Review) -> Iterator[Find]:
    """An abbreviation in a cell of Table 1 or 2, or in a row's label of Figure 1 or 2, that the
    legend beneath does not define."""
    words = r.abbreviations
    defined = {table: {one for row in words.to_dict("records")
                       if table in row["used_in"].split(";")
                       and "does not explain" not in row["meaning"]
                       for one in re.split(", ", row["abbreviation"])}
               for table in {table for pair in TABLES.values() for table in pair}}
    known_ = {one for cell in words["abbreviation"] for one in re.split(", ", cell)}
    settings = r.studies.set_index("study_id")["setting"].astype(str)
    places = [(TABLES[row["setting"]][0], row["regimen"], row[ROW])
              for row in r.studies.to_dict("records")]
    drawn = r.arms[r.arms["arm_id"].isin(r.outcomes.loc[r.outcomes["figure"].notna(), "arm_id"])]
    places += [(TABLES[settings[row["study_id"]]][1], row["label"], row[ROW])
               for row in drawn.to_dict("records")]
    missing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, text, row in places:
        for word in re.findall(r"(?<![\w-])(?:\d?[A-Z][A-Za-z]*)(?![\w-])", text):
            short = word in known_ or (len(word) > 1 and word.isupper())
            if short and word not in defined[place]:
                missing[place, word].append(row)
    for (place, word), rows in sorted(missing.items()):
        yield Find(f"{word} in {place}, {len(rows)} {'time' if len(rows) == 1 else 'times'}",
                   tuple(rows))


@row_check("initials-in-two-forms", "One surname with initials of which one form begins the other")
def initials_in_two_forms(r: Review) -> Iterator[Find]:
    """In the article's references a surname stands with initials of which one form begins the
    other ("X" and "XP"), so that the two may be one author."""
    entries, _ = bibliography.entries(bibliography.cited(r.data))
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in r.references.to_dict("records"):
        entry = entries.get(row["citekey"])
        for surname, initials in authors(entry.fields.get("author", "") if entry else ""):
            found[surname][initials].append(int(row["ref"]))
    for surname, forms in sorted(found.items()):
        for short in sorted(forms):
            longer = [form for form in sorted(forms) if form != short and form.startswith(short)]
            for form in longer:
                refs = {one: ", ".join(map(str, forms[one])) for one in (short, form)}
                yield Find(f"{surname} {short} (reference {refs[short]}) and {surname} {form} "
                           f"(reference {refs[form]})",
                           tuple(f"references/{ref}" for one in (short, form)
                                 for ref in forms[one]))


@row_check("year-of-the-bibliography", "A reference of another year than its entry")
def year_of_the_bibliography(r: Review) -> Iterator[Find]:
    """The year of a reference is another one than that of its entry in references.bib, which gives
    it as year or in date."""
    entries, _ = bibliography.entries(bibliography.cited(r.data))
    for row in r.references.dropna(subset=["year"]).to_dict("records"):
        entry = entries.get(row["citekey"])
        fields = entry.fields if entry else {}
        year = re.search(r"\d{4}", fields.get("year") or fields.get("date", ""))
        if year and int(year[0]) != row["year"]:
            yield Find(f"Reference {row['ref']} is of {row['year']}, its entry of {year[0]}",
                       (row[ROW],))


def authors(field: str) -> list[tuple[str, str]]:
    """Surname and initials of each author in BibTeX's notation, as far as they are given so."""
    pairs = (name.partition(", ") for name in re.split(r"\s+and\s+", field))
    return [(surname, re.sub(r"[^A-Z]", "", first)) for surname, _, first in pairs
            if re.fullmatch(r"(?:[A-Z]\.[ -]?)+", first)]
