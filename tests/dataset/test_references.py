"""The bibliography and the reference list agree with each other and with everything that cites.

Each rule is a function that lists what is wrong. It must find nothing in the project, and it must
find the damage in a spoilt copy.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pypandoc
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
BIB = (ROOT / "references.bib").read_text(encoding="utf-8")
STYLE = ROOT / "assets" / "author-date.csl"
CHAPTERS = [ROOT / "index.qmd", *sorted((ROOT / "chapters").glob("*.qmd"))]

DOI = re.compile(r"10\.\d{4,9}/\S+")
# A key in prose: [@key], [-@key; @other]. Cross-references have the same sign and a reserved start.
CITED = re.compile(r"(?<![\w.\\])@([A-Za-z][\w:-]*\w)")
CROSS_REFERENCE = re.compile(r"(fig|tbl|sec|eq|lst)-")
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)


@pytest.fixture
def references() -> pd.DataFrame:
    return read("references")


@pytest.fixture(scope="module")
def entries() -> list[dict]:
    return parse(BIB)


def read(resource: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{resource}.csv", dtype=str, keep_default_na=False)


def parse(bib: str) -> list[dict]:
    """The bibliography as Pandoc reads it (CSL JSON)."""
    return json.loads(pypandoc.convert_text(bib, "csljson", format="biblatex"))


def written_keys(bib: str) -> list[str]:
    """The key of every entry as it stands in the file, whether or not it can be parsed."""
    return re.findall(r"^@\w+\{([^,\s]+),", bib, re.MULTILINE)


def cited_keys(text: str) -> set[str]:
    """The keys that a chapter cites, outside code."""
    keys = set(CITED.findall(CODE.sub("", text)))
    return {key for key in keys if not CROSS_REFERENCE.match(key)}


def lost_entries(bib: str, entries: list[dict]) -> list[str]:
    """Keys that are written twice, or written but not read."""
    counts = Counter(written_keys(bib))
    twice = [key for key, n in counts.items() if n > 1]
    return twice + sorted(set(counts) ^ {entry["id"] for entry in entries})


def poor_entries(entries: list[dict]) -> list[str]:
    """Entries that a reader could not find: no title, or neither DOI nor address."""
    return [e["id"] for e in entries if not e.get("title") or not (e.get("DOI") or e.get("URL"))]


def bad_dois(entries: list[dict]) -> list[str]:
    """DOIs that are malformed, or stand in two entries."""
    dois = [entry["DOI"] for entry in entries if "DOI" in entry]
    counts = Counter(doi.lower() for doi in dois)
    return [doi for doi in dois if not DOI.fullmatch(doi) or counts[doi.lower()] > 1]


def disagreements(references: pd.DataFrame, entries: list[dict]) -> list[str]:
    """Rows of references.csv whose year, DOI or access date is not that of their entry."""
    by_key = {entry["id"]: entry for entry in entries}
    wrong = []
    for row in references.itertuples():
        entry = by_key.get(row.citekey, {})
        year = "".join(str(part) for part in entry.get("issued", {}).get("date-parts", [[""]])[0])
        accessed = entry.get("accessed", {}).get("date-parts", [[]])[0]
        accessed = "-".join(f"{part:02}" for part in accessed)
        if (row.year, row.doi, row.accessed) != (year, entry.get("DOI", ""), accessed):
            wrong.append(f"ref {row.ref}: {row.citekey}")
    return wrong


def unrecorded(references: pd.DataFrame) -> list[str]:
    """Rows that differ from the print without saying what, what instead, and what shows it."""
    wrong = []
    for row in references.itertuples():
        told = [bool(row.printed_defect), bool(row.correction), bool(row.correction_source)]
        if len(set(told)) > 1 or (row.year_printed != row.year and not all(told)):
            wrong.append(f"ref {row.ref}")
    return wrong


def misplaced_congress(references: pd.DataFrame) -> list[str]:
    """Abstracts without congress and year, congresses without abstract."""
    rows = references
    wrong = (rows["type"] == "abstract") != (rows["congress"] != "")
    wrong |= (rows["congress"] != "") & (rows["congress_year"] != rows["year"])
    return rows.loc[wrong, "ref"].tolist()


def unknown_keys(frames: dict[str, pd.DataFrame], keys: set[str]) -> list[str]:
    """Citekeys in the dataset without an entry in the bibliography."""
    return [f"{name}: {k}" for name, f in frames.items() for k in f["citekey"] if k not in keys]


def other_included(references: pd.DataFrame, reports: pd.DataFrame) -> set[tuple[str, str]]:
    """Included references that are no report, and reports of the article that are not included."""
    reports = reports[(reports["edition_added"] == "published") & (reports["ref"] != "")]
    included = references[references["role"] == "included"]
    pairs = [set(zip(f["ref"], f["citekey"], strict=True)) for f in (included, reports)]
    return pairs[0] ^ pairs[1]


def typeset(text: str, *options: str) -> str:
    """Text with its citations set by Pandoc in the style of this report."""
    arguments = ["--citeproc", f"--bibliography={ROOT / 'references.bib'}", f"--csl={STYLE}"]
    return pypandoc.convert_text(
        text, "plain", format="markdown", extra_args=[*arguments, "--wrap=none", *options]
    )


def test_every_entry_is_read_once(entries):
    assert lost_entries(BIB, entries) == []


def test_an_entry_written_twice_or_broken_is_found(entries):
    assert lost_entries(BIB + "\n@article{gay2025,\n title = {Again}\n}\n", entries) == ["gay2025"]
    assert lost_entries(BIB + "\n@article{lost2025,\n", entries) == ["lost2025"]


def test_every_entry_can_be_found_by_a_reader(entries):
    assert poor_entries(entries) == []
    assert poor_entries([{"id": "a", "title": "T"}, {"id": "b", "URL": "https://b"}]) == ["a", "b"]


def test_dois_are_well_formed_and_unique(entries):
    assert bad_dois(entries) == []
    assert bad_dois([{"DOI": "doi:10.1/x"}, {"DOI": "10.1000/a"}, {"DOI": "10.1000/A"}]) == [
        "doi:10.1/x",
        "10.1000/a",
        "10.1000/A",
    ]


def test_the_printed_list_is_whole(references):
    assert references["ref"].tolist() == [str(number) for number in range(1, 66)]
    included = references.loc[references["role"] == "included", "ref"].astype(int).tolist()
    assert included == [*range(21, 46), *range(57, 66)]


def test_references_agree_with_the_bibliography(references, entries):
    assert disagreements(references, entries) == []
    references.loc[0, "year"] = "1999"
    references.loc[30, "doi"] = "10.1000/other"
    references.loc[48, "accessed"] = "2020-01-01"
    assert [text.split(":")[0] for text in disagreements(references, entries)] == [
        "ref 1",
        "ref 31",
        "ref 49",
    ]


def test_corrections_are_recorded(references):
    assert unrecorded(references) == []
    references.loc[0, "year_printed"] = "1999"
    references.loc[23, "correction_source"] = ""
    assert unrecorded(references) == ["ref 1", "ref 24"]


def test_the_corrected_entries_are_the_known_ones(references):
    corrected = references.loc[references["correction"] != "", "ref"]
    assert corrected.tolist() == ["10", "22", "24", "45", "48"]


def test_congresses_belong_to_abstracts(references):
    assert misplaced_congress(references) == []
    references.loc[20, "congress"] = ""
    references.loc[21, "congress_year"] = "2020"
    assert misplaced_congress(references) == ["21", "22"]


def test_every_citekey_of_the_dataset_has_an_entry(entries):
    frames = {name: read(name) for name in ("sources", "references", "reports")}
    assert unknown_keys(frames, {entry["id"] for entry in entries}) == []
    assert "sources: gay2025" in unknown_keys(frames, set())


def test_included_references_are_the_reports(references):
    reports = read("reports")
    assert other_included(references, reports) == set()
    assert len(other_included(references, reports.iloc[1:])) == 1


def test_sources_of_the_reference_list_have_its_number_and_key(references):
    sources = read("sources")
    listed = sources[sources["ref"] != ""].merge(references, on="ref", suffixes=("", "_listed"))
    assert len(listed) == (sources["ref"] != "").sum()
    assert listed["citekey"].tolist() == listed["citekey_listed"].tolist()
    unlisted = set(sources.loc[sources["ref"] == "", "citekey"])
    assert unlisted & set(references["citekey"]) == set()


def test_every_source_is_used():
    used = set()
    for path in DATA.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem != "sources" and "source_id" in frame:
            used |= set(frame["source_id"])
    assert set(read("sources")["source_id"]) == used


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_key_cited_in_a_chapter_has_an_entry(chapter, entries):
    cited = cited_keys(chapter.read_text(encoding="utf-8"))
    assert cited - {entry["id"] for entry in entries} == set()


def test_cited_keys_are_told_from_code_and_cross_references():
    text = "As [@gay2025; see -@page2021], @fig-prisma, a@b.org, `@claim(1)`.\n\n```py\n@x1\n```\n"
    assert cited_keys(text) == {"gay2025", "page2021"}


def test_citations_name_author_and_year_in_parentheses():
    text = "[@gay2025] [@page2021; @frerichs2021durva; @frerichs2021atra] [@rajkumar2020]"
    assert typeset(text).splitlines()[0] == (
        "(Gay et al. 2025) (Frerichs et al. 2021a, b; Page et al. 2021) (Rajkumar and Kumar 2020)")


def test_a_record_of_a_registry_goes_by_its_number_and_a_page_without_date_says_so():
    text = "[@ctgov-nct03871829; @ctgov-nct03194867] [@typst] [@nestedknowledge2024]"
    assert typeset(text).splitlines()[0] == (
        "(ClinicalTrials.gov NCT03871829, NCT03194867) (Typst n.d.) (Nested Knowledge 2024)")


def test_every_entry_is_set_in_the_list(entries):
    listed = typeset('---\nnocite: "@*"\n---\n')
    items = [item for item in listed.split("\n\n") if item.strip()]
    assert len(items) == len(entries)
    for item in items:
        assert re.search(r"doi:10\.|https://", item), item
        assert not re.search(r"\?\?\?|\.\.|\(\)|: ?\.|;:|undefined|NO_", item), item


def test_the_list_is_in_alphabetical_order():
    listed = typeset("[@zhou2020; @abdallah2023; @kikuchi2023]").split("\n\n")[1:]
    assert [item.split()[0] for item in listed] == ["Abdallah", "Kikuchi", "Zhou"]


def test_the_list_shortens_authors_and_gives_access_dates():
    listed = typeset("[@facon2021; @seer2024]")
    assert "Moreau P, Bahlis N, et al. Daratumumab" in listed
    assert "Lancet Oncol. 2021;22:1582–96. doi:10.1016/S1470-2045(21)00466-6" in listed
    assert "(accessed 2024-09-04)" in listed
