"""From statements to rows and studies and back, and what can be taken away."""

import json
import re
import zipfile

import pandas as pd
import pytest

from article.contents import CONTENTS
from review.audit import displays
from review.dataset import bibliography
from review.dataset.load import PUBLISHED, ROOT, load
from review.report import front, listing, package, row_links, row_words, slips, studies


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


@pytest.fixture(scope="module")
def sections(r):
    return studies.sections(r)


@pytest.mark.parametrize("table", row_links.OF_STUDIES)
def test_every_row_of_a_study_stands_in_the_chapter_once(r, sections, table):
    for row in r.tables[table]["row"]:
        assert sections.count(f"{{#{row_links.anchor(row)}}}") == 1, row


def test_a_row_leads_to_the_statements_that_rest_on_it(r, sections):
    entries = row_links.resting(r)["outcomes/trimm-2-retreated-pfs"]
    line = next(line for line in sections.splitlines() if "{#row-outcomes-trimm-2-retreated-pfs}" in
                line)
    assert entries and all(f"#claim-{e.claim_id})" in line for e in entries)


def test_a_row_that_the_edition_lacks_is_named_without_a_link(r):
    gone = r.with_tables(outcomes=r.outcomes[r.outcomes["outcome_id"] != "trimm-2-retreated-pfs"])
    key = "trimm-2-retreated-pfs"
    assert row_links.link(r, f"outcomes/{key}").startswith(f"[{key}](")
    assert row_links.link(gone, f"outcomes/{key}") == key


def test_the_list_of_slips_leads_to_no_row_that_the_edition_lacks(
        r, monkeypatch):
    """The list is of the published edition; a later one may have corrected or retracted a row."""
    key = "nooka-2019-retreated-pfs"
    gone = r.with_tables(outcomes=r.outcomes[r.outcomes["outcome_id"] != key])
    monkeypatch.setattr(slips.verdicts, "published", lambda edition: r)
    led = f"#{row_links.anchor(f'outcomes/{key}')})"
    assert led in slips.listing(r)
    assert led not in slips.listing(gone) and key in slips.listing(gone)


def test_rows_that_belong_to_no_study_are_those_that_statements_rest_on(r):
    told = {row for frame in row_links.others(r).values() for row in frame["row"]}
    assert "facts/date-received" in told
    assert told <= set(row_links.resting(r))


ROW = {"status": "value", "kind": "reported", "value": 3.0, "unit": "months", "printed": "3.0",
       "ci_low": pd.NA, "n": pd.NA, "n_total": pd.NA, "bound_low": pd.NA, "bound_high": pd.NA}


@pytest.mark.parametrize(("cells", "told"), [
    ({}, "3.0 months"),
    ({"ci_low": 1.5, "ci_high": 8.4, "ci_level": 95.0}, "3.0 months (95% CI 1.5 to 8.4)"),
    ({"ci_low": 1.5, "ci_high": pd.NA, "ci_high_status": "not estimable", "ci_level": 95.0},
     "3.0 months (95% CI 1.5 to not estimable)"),
    ({"unit": "percent", "value": 25.0, "printed": "25", "n": 5, "n_total": 20}, "25% (5/20)"),
    ({"kind": "derived"}, "3.0 months, derived"),
    ({"status": "not transcribed", "value": pd.NA, "bound_low": 1.0, "bound_high": 2.8},
     "not transcribed; within 1.0 to 2.8 months"),
    ({"status": "not reached", "value": pd.NA}, "not reached"),
    ({"status": "not reached", "value": pd.NA, "ci_low": 9.4, "ci_high": pd.NA, "n_total": 40,
      "ci_high_status": "not reached", "ci_level": 95.0},
     "not reached (95% CI 9.4 to not reached) (N 40)"),
    ({"status": "not reached", "value": pd.NA, "bound_low": 9.4},
     "not reached; at least 9.4 months"),
])
def test_a_result_is_told_with_what_is_known_of_it(cells, told):
    assert row_words.result({**ROW, **cells}) == told


@pytest.mark.parametrize("label", displays.labels(CONTENTS))
def test_the_builder_and_what_it_calls_are_listed(label):
    pieces = listing.behind(CONTENTS, label)
    assert pieces[0].name == displays.code(CONTENTS, label)[1]
    text = listing.listings(CONTENTS)
    for piece in pieces:
        assert f"{{#{piece.anchor}}}" in text


def test_what_is_called_in_another_module_is_followed():
    names = {piece.name for piece in listing.behind(CONTENTS, "fig-rwe-os")}
    assert {"panel_rows", "group_rows", "describe", "_draw_marks"} <= names


def test_the_first_screen_names_the_article(r):
    line = front.rebuilds(r)
    assert "Gay F, Zamagni E, Cole CE and 10 others" in line and "12 March 2025" in line
    assert "(https://doi.org/10.3389/fonc.2025.1550644)" in line


def test_statements_for_machines_cannot_end_their_script(r):
    text = front.machine(r)
    inside = text[text.index(">", text.index("<script")) + 1:text.index("</script>")]
    assert "<" not in inside
    assert len(json.loads(inside)["@graph"]) == len(r.claims) + 2


def test_a_reference_as_ris(tmp_path):
    # a value over two lines, in quotation marks, and without any
    path = tmp_path / "one.bib"
    path.write_text("@article{a2020,\n  author  = {Alder, A. and\n    {The Group}},\n"
                    '  title   = "On {CD38}",\n  year    = 2020,\n  pages   = {12--19},\n'
                    "  doi     = {10.1/x},\n}\n")
    entries, problems = bibliography.entries(path)
    assert problems == []
    assert package.ris(entries.values()).split() == (
        "TY - JOUR AU - Alder, A. AU - The Group SP - 12 EP - 19 TI - On CD38 PY - 2020 "
        "DO - 10.1/x ER -").split()


def test_a_reference_as_ris_is_what_its_commands_stand_for(tmp_path):
    names = 'M{\\"u}ller, J. and {Groups and Friends}'
    (tmp_path / "one.bib").write_text(
        f"@article{{a2020, author = {{{names}}}, title = {{\\emph{{On}} {{CD38}}: \\$5 \\& 3\\%, "
        "\\textbraceleft{}x\\textbraceright{}}, year = {2020}, doi = {10.1/x_{y}}}\n")
    told = package.ris(bibliography.entries(tmp_path / "one.bib")[0].values())
    assert re.findall(r"^(?:AU|TI|DO) +- (.*)", told, re.M) == [
        "Müller, J.", "Groups and Friends", "On CD38: $5 & 3%, {x}", "10.1/x_{y}"]


def test_the_package_is_the_same_bytes_twice_and_holds_every_table(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for root in (first, second):
        root.mkdir()
        (root / "_quarto.yml").write_bytes((ROOT / "_quarto.yml").read_bytes())
        package.write(root, ROOT / "data")
    for path in sorted((first / package.FOLDER).iterdir()):
        assert path.read_bytes() == (second / package.FOLDER / path.name).read_bytes(), path.name
    assert (first / package.CRATE).read_bytes() == (second / package.CRATE).read_bytes()
    with zipfile.ZipFile(first / package.FOLDER / package.DATA) as archive:
        names = set(archive.namelist())
    told = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    assert {one["path"] for one in told["resources"]} <= names and "references.bib" in names
    cited = (first / package.FOLDER / package.CITATION_BIB).read_text("utf-8")
    assert re.findall(r"^@(\w+)", cited, re.M) == ["article", "dataset"]
    packed = zipfile.ZipFile(first / package.FOLDER / package.DATA)
    # who notices a slipped digit lies beside the page as well
    assert packed.read("audit/slips.csv") == (ROOT / "data/audit/slips.csv").read_bytes()
    assert "- data/audit/*.csv\n" in (ROOT / "_quarto.yml").read_text("utf-8")
