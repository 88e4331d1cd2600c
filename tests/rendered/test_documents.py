"""The rendered page and PDF: complete, nothing leaked, every reference resolved, both equal."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections import Counter
from urllib.parse import unquote

import page_policy
import pytest
import same_numbers
import yaml
from published_book import PDF, ROOT, keys, labels, render
from pypdf import PdfReader

pytestmark = pytest.mark.slow


def test_every_figure_and_table_is_there_once_and_numbered(page):
    figures, tables = labels("fig"), labels("tbl")
    assert len(figures) >= 9 and len(tables) >= 8
    captions = []
    for label in figures + tables:
        found = page.find_all(id=label)
        assert len(found) == 1, label
        caption = found[0].find(["figcaption", "caption"])
        captions.append(caption.get_text(" ", strip=True))
        kind = "Figure" if label.startswith("fig") else "Table"
        assert re.match(rf"{kind}\s[0-9A-E]+\.\d+", captions[-1].replace("\xa0", " ")), label
    assert len(set(captions)) == len(captions)


def test_pdf_has_the_same_figures_and_tables(page, all_pages):
    text = " ".join(all_pages).replace("\xa0", " ")
    for label in labels("fig") + labels("tbl"):
        caption = page.find(id=label).find(["figcaption", "caption"]).get_text(" ", strip=True)
        number = re.match(r"(Figure|Table)\s\S+\d", caption.replace("\xa0", " "))[0]
        assert f"{number}:" in text or f"{number} " in text, number


@pytest.mark.parametrize("leak", [
    r"\{python\}", r"\?@", r"\bnan\b", r"\bNone\b", r"<NA>", r"\bNaT\b", r"@(fig|tbl|sec|eq)-",
    r"\[@", r":::", r"\bobject at 0x", r"Traceback", r"\{#", r"\{\.", r"\?\?\?",
    r"\d\.0 (of|studies)",
])
def test_nothing_leaks(prose, pages, leak):
    assert not re.search(leak, prose.get_text(" "))
    shown = " ".join(pages)
    if leak not in (r"\bNone\b", r"\[@"):  # code of the rules is printed in the PDF's ledger
        assert not re.search(leak, shown)


def test_every_inner_link_leads_somewhere(page):
    ids = Counter(tag["id"] for tag in page.find_all(id=True))
    assert [name for name, n in ids.items() if n > 1] == []
    targets = {unquote(a["href"][1:]) for a in page.find_all("a", href=True)
               if a["href"].startswith("#")}
    assert len(targets) > 100
    assert sorted(targets - set(ids)) == []


def test_downloads_exist(page, book):
    links = [a["href"] for a in page.find_all("a", href=True)
             if not re.match(r"#|https?:|mailto:", a["href"])]
    assert len(links) >= len(labels("fig"))
    assert [link for link in links if not (book / unquote(link)).is_file()] == []


def test_page_needs_no_network(page):
    assert not page.find_all("script", src=True)
    assert not page.find_all("link", rel="stylesheet")
    assert all(i["src"].startswith("data:") for i in page.find_all("img", src=True))
    style = " ".join(s.get_text() for s in page.find_all("style"))
    assert not re.search(r"url\((?!['\"]?(data:|#))", style) and "@import" not in style


def signs(page, family: str) -> set[int]:
    """Code points that the page's fonts of one family all have."""
    style = " ".join(tag.get_text() for tag in page.find_all("style"))
    rules = re.findall(rf'font-family: "{family}".*?url\(data:font.*?unicode-range: ([^;]+);',
                       style, re.S)
    fonts = []
    for rule in rules:
        ends = [re.findall(r"[0-9A-F]+", part) for part in rule.replace("U+", "").split(",")]
        fonts.append({code for first, *last in ends
                      for code in range(int(first, 16), int((last or [first])[0], 16) + 1)})
    return set.intersection(*fonts)


def test_every_sign_of_the_page_is_in_its_own_fonts(page):
    sans = signs(page, "Report Sans")  # stands behind the two others
    invisible = {ord("\u2060"), ord("\n")}
    code = {ord(sign) for tag in page(["code", "pre"]) for sign in set(tag.get_text())}
    text = {ord(sign) for sign in set(page.get_text())}  # without scripts, styles and templates
    assert ord("≤") in text and ord("❦") not in sans
    assert {chr(sign) for sign in text - signs(page, "Report Serif") - sans - invisible} == set()
    assert {chr(sign) for sign in code - signs(page, "Report Mono") - sans - invisible} == set()


def test_every_figure_has_a_text_alternative(page):
    for label in labels("fig"):
        figure = page.find(id=label)
        image = figure.find(["img", "svg"])
        text = image.get("alt") or image.get("aria-label") or ""
        assert len(text) > 40, label


def test_headings_do_not_skip_a_level(page):
    levels = [int(h.name[1]) for h in page.find("main").find_all(re.compile(r"^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_numbers_in_prose_are_the_same_in_the_pdf(prose, all_pages):
    """Each paragraph's numbers stand in the PDF in the same order, page furniture aside."""
    lacking, compared = same_numbers.lacking(prose, all_pages)
    assert lacking == [] and compared > 40


def test_pdf_is_tagged_and_titled(book):
    reader = PdfReader(book / PDF)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata.title and str(catalog["/Lang"]).startswith("en")


def test_the_data_package_travels_in_the_pdf(book):
    reader = PdfReader(book / PDF)
    [attached] = reader.attachment_list
    assert attached.name == "data.zip" and attached.content == (
        book / "downloads" / "data.zip").read_bytes()
    assert attached.associated_file_relationship == "/Data"
    assert "pdfaid:part>3<" in reader.trailer["/Root"]["/Metadata"].get_data().decode()


def test_first_page_says_edition_audit_and_citation(prose):
    start = prose.get_text(" ")[:12000]
    for words in ("Published article", "reproduce", "How to cite", "8 December 2023"):
        assert words in start, words


@pytest.mark.nightly
def test_two_renders_are_identical(book, renders):
    again = renders / "again"
    render(again)
    names = sorted(p.relative_to(book) for p in book.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [n for n in names if (book / n).read_bytes() != (again / n).read_bytes()] == []


def test_the_page_keeps_its_policy(book):
    """Of every page: tests/press/test_policy.py. In a browser: a walk that breaks no rule."""
    assert page_policy.faults((book / "index.html").read_text("utf-8")) == []


class TestFirstScreen:
    def test_machines_are_told_of_article_dataset_and_every_statement(self, page):
        graph = json.loads(page.find("script", type="application/ld+json").string)["@graph"]
        kinds = Counter(one["@type"] for one in graph)
        assert kinds == {"ScholarlyArticle": 1, "Dataset": 1, "ClaimReview": len(keys("claims"))}
        ids = {tag["id"] for tag in page.find_all(id=True)}
        assert {one["url"][1:] for one in graph if one["@type"] == "ClaimReview"} <= ids

    def test_the_head_names_the_article_as_the_citation_file_does(self, page):
        told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["references"][0]
        met = {tag["name"]: tag["content"] for tag in page.find_all("meta", attrs={"name": True})}
        assert met["citation_doi"] == told["doi"] and met["citation_title"] == told["title"]
        authors = [tag["content"]
                   for tag in page.find_all("meta", attrs={"name": "citation_author"})]
        assert authors == [f"{one['family-names']}, {one['given-names']}"
                           for one in told["authors"]]
        assert met["description"] and page.find("meta", property="og:title")
        assert page.find("link", rel="icon")["href"].startswith("data:")

    def test_the_page_is_small(self, book):
        html = (book / "index.html").read_bytes()
        assert len(html) <= 4_000_000 and len(gzip.compress(html)) <= 700_000

    def test_the_bar_leads_to_every_verdict(self, page):
        parts = page.select(".bar a")
        assert sum(int(part.strong.get_text()) for part in parts) == len(
            page.select(".ledger-entry"))
        for part in parts:
            assert page.find(id=f"show-{part['data-show']}") is not None


class TestReach:
    def test_every_row_of_a_study_is_on_the_page_and_leads_to_its_statements(self, page):
        there = {element["id"] for element in page.find_all(id=True)}
        for name in ("outcomes", "characteristics", "arms", "reports", "studies"):
            assert [key for key in keys(name) if f"row-{name}-{key}" not in there] == [], name

    def test_a_statement_leads_to_its_rows_and_to_where_it_is_quoted(self, page):
        entry = page.find(id="claim-AB-16")
        rows = [a["href"] for a in entry.select("details li a")]
        assert rows and all(href.startswith("#row-outcomes-") for href in rows)
        assert "#claim-AB-16" in {a["href"] for a in
                                  page.find(id=rows[0][1:]).find_parent("tr").find_all("a")}
        back = [a["href"] for a in entry.select(".backlinks a")]
        assert back
        for href in back:
            assert page.find(id=href[1:])["href"] == "#claim-AB-16"

    def test_the_code_of_a_figure_is_listed_with_what_it_calls(self, page):
        line = page.find(id="fig-rwe-os").find_next(class_="provenance")
        anchor = next(a["href"] for a in line.find_all("a") if a.get_text() == "rwe_os")
        assert page.find(id=anchor[1:]).find("code", class_="sourceCode")
        calls = page.find(id="rows-fig-rwe-os").find_all("a", href=re.compile("#code-"))
        assert {"panel_rows", "group_rows"} <= {a.get_text() for a in calls}


class TestDownloads:
    def test_the_package_is_whole_and_valid(self, book, tmp_path):
        from frictionless import Package, system

        with zipfile.ZipFile(book / "downloads" / "data.zip") as archive:
            archive.extractall(tmp_path)
        with system.use_context(trusted=True):
            report = Package(str(tmp_path / "datapackage.json")).validate()
        assert report.valid, report.flatten(["type", "message"])[:5]
        assert (tmp_path / "rows" / "fig-rwe-os.csv").is_file()

    def test_notebooks_and_references_are_there(self, book):
        with zipfile.ZipFile(book / "downloads" / "notebooks.zip") as archive:
            assert all(name.endswith(".ipynb") for name in archive.namelist())
        ris = (book / "downloads" / "references.ris").read_text("utf-8")
        bib = (ROOT / "references.bib").read_text("utf-8")
        assert ris.count("TY  - ") == ris.count("ER  - ") == len(re.findall(r"^@", bib, re.M))

    def test_figures_are_files_with_text(self, book):
        for label in labels("fig"):
            svg = (book / "figures" / f"{label}.svg").read_text("utf-8")
            assert "<text" in svg and "<desc>" in svg


def test_the_paper_is_short_and_the_supplement_is_a_document_of_its_own(book, pages):
    assert len(pages) <= 45
    supplement = PdfReader(book / PDF.replace(".pdf", "-supplement.pdf"))
    assert supplement.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Supplement" in supplement.metadata.title
    assert not supplement.metadata["/CreationDate"].startswith("D:1970")


def test_figure_text_can_be_found_in_the_pdf(pages):
    text = " ".join(" ".join(pages).split())
    assert "Median OS, months" in text and "Overall response rate, %" in text
