"""The article's list of references, and the way from each number that is shown to its entry."""

import re

import pytest

from review.audit import displays
from review.dataset import bibliography
from review.dataset.load import ROOT, load
from review.report import article_references as references
from review.report import ledger, provenance
from review.report.table_markup import markdown

NUMBER = r"reference-(\d+)"


@pytest.fixture(scope="module")
def r():
    return load("published", ROOT / "data")


def test_all_entries_stand_in_order_each_with_work_citation_and_target(r):
    lines = references.listing(r).splitlines()
    assert [line.partition(". ")[0] for line in lines] == [str(n) for n in range(1, 66)]
    assert [re.findall(NUMBER, line) for line in lines] == [[str(n)] for n in range(1, 66)]
    for line, row in zip(lines, r.references.itertuples(), strict=True):
        assert f"[@{row.citekey}]" in line
        assert "doi.org" in line or "<https://" in line


def test_a_copy_of_the_dataset_alone_cites_from_the_project(r, bare_data):
    bibliography.of(bare_data).unlink()
    assert references.listing(load("published", bare_data)) == references.listing(r)


def test_a_correction_is_shown_with_what_it_rests_on(r):
    entry = references.listing(r).splitlines()[44]
    assert "*Blood* 2016;128:492" in entry and "Report of Nooka 2019." in entry
    assert "year printed 2020" in entry and "volume 128 of Blood is 2016" in entry
    assert references.listing(r).count("*Corrected here:*") == r.references[
        "printed_defect"].notna().sum()


@pytest.mark.parametrize(("entry", "told"), [
    ("@article{a, author = {Gay, F. and van de Donk, N. W. C. J. and others},\n"
     'title = {On {CD38}}, journal = "Blood", year = 2020, volume = {7}, pages = {1--2}, '
     'doi = {10.1/x}}',
     "Gay F, van de Donk NWCJ, et al. On CD38. *Blood* 2020;7:1–2. doi: "
     "[10.1/x](https://doi.org/10.1/x)"),
    ("@online{b, author = {{World Body}}, title = {Facts}, url = {https://a.example/}, "
     "urldate = {2024-09-04}}",
     "World Body. Facts. <https://a.example/> (accessed 4 September 2024)"),
])
def test_an_entry_in_words(tmp_path, entry, told):
    (tmp_path / "one.bib").write_text(entry, "utf-8")
    [work] = bibliography.entries(tmp_path / "one.bib")[0].values()
    assert references.reference(work.fields) == told


def test_numbers_are_linked_where_words_announce_them(r):
    told = references.announced("See ref 25, refs 22–24, 57 and 60.", r)
    assert re.findall(NUMBER, told) == ["25", "22", "24", "57", "60"]
    assert re.sub(r"\[(\d+)\]\([^)]*\)", r"\1", told) == "See ref 25, refs 22–24, 57 and 60."


@pytest.mark.parametrize("text", [
    "## ref 25", "`ref 25`", "```\nref 25\n```", "[it](x.qmd#ref-25)", "ref 99", "preref 25", "25",
])
def test_other_numbers_are_left_alone(r, text):
    assert references.announced(text, r) == text


def test_an_article_without_a_list_has_no_links(r):
    class Bare:
        contents = type("Contents", (), {"references_chapter": ""})
        references = r.references

    assert references.announced("ref 25", Bare()) == "ref 25"


@pytest.mark.parametrize("label", ["tbl-clinical", "tbl-rwe"])
def test_every_number_of_a_table_leads_to_its_entry(r, label):
    made = displays.build(label, r)
    shown = re.findall(r'href="95-references\.qmd#reference-(\d+)">\1</a>', markdown(made.artist))
    printed = re.findall(r"\[([\d, ]+)\]", " ".join(made.rows["publication"]))
    assert sorted(shown) == sorted(re.findall(r"\d+", " ".join(printed)))


def test_the_line_under_a_figure_leads_from_its_numbers(r):
    made = displays.build("fig-rwe-pfs", r)
    line = provenance.provenance(made, r).partition('unless-format="html"')[0]
    drawn = " ".join(made.rows[["ref", "ref_options"]].astype("string").fillna("").to_numpy().flat)
    assert set(re.findall(NUMBER, line)) == set(re.findall(r"\d+", drawn))


def test_the_rows_and_the_ledger_lead_from_their_numbers(r):
    rows = provenance.section("fig-clinical-pfs", r).splitlines()
    assert sum("[TRIMM-2]" in row and "\\[[22](95-references.qmd#reference-22)\\]" in row
               for row in rows) == 1
    entry = ledger.part("findings", r).partition("#finding-R3.5-07")[2].partition(":::")[0]
    assert {"28", "30", "32", "33", "35", "36"} <= set(re.findall(NUMBER, entry))
