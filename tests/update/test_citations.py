"""Citations of a folder: read by libraries, complete, each publication once."""

import pandas as pd
import pytest

from review.dataset import bibliography
from review.update import folders_taken
from review.update.intake import NewRows

MAIN = """@article{old2020, author = {Old, A.}, title = {A study of {NCT00000001}}, year = {2020},
  journal = {Blood}, doi = {10.1000/Old.1}}
"""
GOOD = "author = {New, B.}, title = {Another study}, year = {2026}, journal = {Blood}"


@pytest.fixture
def read(tmp_path):
    """read(text, name): the citations of a folder with one such file, and the rules broken."""
    (tmp_path / "references.bib").write_text(MAIN)
    (tmp_path / "new").mkdir()

    def run(text, name="references.bib"):
        (tmp_path / "new" / name).write_text(text, "utf-8")
        new = bibliography.new_entries([tmp_path / "new"], tmp_path / "references.bib")
        return new.texts, [(p.rule, p.severity) for p in new.problems]

    return run


def test_an_entry_is_kept_as_written(read):
    text = "@Article{new2026, " + GOOD + "}"
    assert read(f"% a remark with @article{{no, }}\n{text}\n") == ({"new2026": text}, [])


@pytest.mark.parametrize(("text", "rule"), [
    ("@article{new2026, " + GOOD, "citation"),
    ("@article{new2026, " + GOOD + "}\n@article{New2026, " + GOOD + "}", "key taken"),
    ("@article{old2020, " + GOOD + "}", "key taken"),
    ("@article{OLD2020, " + GOOD + "}", "key taken"),
    ("@article{new2026, " + GOOD.replace("Another", "50% response in another") + "}",
     "cut in print"),
    ("@article{new2026, " + GOOD.replace("Another", "For $5 another") + "}", "cut in print"),
    ("@article{new2026, title = {T}, year = {2026}, journal = {J}}", "citation incomplete"),
    ("@article{new2026, " + GOOD + ", doi = {https://doi.org/10.1000/OLD.1.}}", "same doi"),
])
def test_what_is_refused(read, text, rule):
    assert (rule, "error") in read(text)[1]


@pytest.mark.parametrize(("text", "rule"), [
    ("@article{new2026, " + GOOD + ", note = {nct00000001}}", "same registry number"),
    ("@article{new2026, author={A}, year={2026}, journal={J}, title={A Study of NCT00000001.}}",
     "same title"),
    ("@misc{new2026, author={A}, year={2026}, title={Unplaced}}", "citation incomplete"),
    ("@article{new2026, " + GOOD.replace("2026", "in press") + "}", "citation incomplete"),
    ("@article{new2026, " + GOOD.replace("New, B.", "New B; Other C; Third D") + "}",
     "authors in one name"),
    ("@article{new2026, " + GOOD.replace("New, B.", "New B, Other C, Third D") + "}",
     "authors in one name"),
    ("@article{new2026, " + GOOD.replace("New, B.", "New, B. and et al.") + "}",
     "authors in one name"),
])
def test_what_is_asked(read, text, rule):
    assert read(text)[1] == [(rule, "warning")]


@pytest.mark.parametrize("author", [
    "New, B. and others", "{Group A; Group B}", "van der Poel, M W M", "New, Jr, B.",
    "Müller, Anna and O'Neil, C D"])
def test_names_that_are_one_each(read, author):
    assert read("@article{new2026, " + GOOD.replace("New, B.", author) + "}")[1] == []


def test_a_ris_record_becomes_an_entry(read):
    new, problems = read("TY  - JOUR\nAU  - Müller, Anna\nAU  - Other, B\nTI  - A title\n"
                         "JO  - Blood\nPY  - 2025/03/01\nSP  - 1\nEP  - 9\nDO  - 10.1000/x\n"
                         "ER  - \n", "export.ris")
    assert problems == [] and list(new) == ["muller2025"]
    for piece in ("Müller, Anna and Other, B", "1--9", "Blood", "10.1000/x", "{2025}"):
        assert piece in new["muller2025"]


@pytest.mark.parametrize("text", [
    '@string{b = "Blood"}\n@article{new2026, ' + GOOD.replace("{Blood}", "b") + "}",
    "@article(new2026, " + GOOD.replace("Another", r"{\'E}tude: 50\%") + ")"])
def test_an_entry_that_its_file_alone_makes_readable_is_written_out(read, tmp_path, text):
    new, problems = read(text)
    assert problems == []
    (tmp_path / "joined.bib").write_text(MAIN + new["new2026"])
    joined, wrong = bibliography.entries(tmp_path / "joined.bib")
    assert wrong == [] and list(joined) == ["old2020", "new2026"]
    assert joined["new2026"].fields["journal"] == "Blood"
    assert joined["new2026"].fields["title"] in ("Another study", r"{\'E}tude: 50\% study")


RIS = ("TY  - JOUR\nID  - new2026\nAU  - {}\nTI  - {}\nJO  - Blood\nDA  - 2026/03\nDO  - {}\n"
       "ER  - \n")


@pytest.mark.parametrize(("author", "title", "doi", "pieces"), [
    ("New, B", "R&D at 50% for $5 of a_b", "10.1000/a_b%c",
     (r"R\&D at 50\% for \$5 of a\_b", "{10.1000/a_b%c}", "{2026}")),
    ("New, B", "A brace { that opens", "10.1000/x", ("textbraceleft",)),
    ("New, B", r"A \study of its own", "10.1000/x", (r"\textbackslash{}study",)),
    ("MM Study Group and Friends", "A title", "10.1000/x", ("{{MM Study Group and Friends}}",))])
def test_a_ris_record_is_plain_text(read, tmp_path, author, title, doi, pieces):
    new, problems = read(RIS.format(author, title, doi), "export.ris")
    assert problems == []
    for piece in pieces:
        assert piece in new["new2026"]
    (tmp_path / "joined.bib").write_text(MAIN + new["new2026"])
    assert bibliography.entries(tmp_path / "joined.bib")[1] == []


def test_a_ris_file_without_a_record(read):
    assert read("nothing", "export.ris") == ({}, [("citation", "error")])


def test_the_projects_file_must_be_readable_itself(tmp_path):
    (tmp_path / "references.bib").write_text("@article{old2020, title = {x}")
    told = bibliography.new_entries([], tmp_path / "references.bib")
    assert [p.file for p in told.problems] == ["references.bib"] and told.keys is None


def test_a_cut_entry_is_told_once(read):
    """What lies behind the place where reading ended is not known to be missing."""
    new, told = read("@article{a2020, author = {A}, title = {T}\n year = {2020}}")
    assert list(new) == ["a2020"] and told == [("citation", "error")]


@pytest.mark.parametrize(("year", "doi", "fields"), [
    ("2026", "10.1000/New", []), ("2025", "10.1000/new", ["year"]),
    ("2026", "10.1000/other", ["doi"]), ("", "", [])])
def test_a_report_is_of_the_year_and_doi_of_its_citation(tmp_path, year, doi, fields):
    (tmp_path / "references.bib").write_text(MAIN)
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "references.bib").write_text("@article{new2026, " + GOOD + ", doi = {10.1000/new}}")
    reports = pd.DataFrame({"citekey": ["new2026"], "year": [year or pd.NA],
                            "doi": [doi or pd.NA]}, dtype="string")
    taken = folders_taken.Taken("", {}, NewRows({"reports": reports}), {})
    found = folders_taken.citations([taken], [folder], tmp_path / "references.bib")
    assert [(p.file, p.row, p.field, p.severity) for p in found] == [
        ("reports.csv", 2, field, "warning") for field in fields]
