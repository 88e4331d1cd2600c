"""The first screen of the report: what it rebuilds, its edition, how much reproduces, what to take
away; and the same for machines."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pandas as pd

from review.audit import compare, verdicts
from review.audit.verdicts import LABELS
from review.dataset.load import PUBLISHED, Review, find_edition
from review.formats.names import (
    CITATION_BIB,
    CITATION_RIS,
    CLAIMS,
    CRATE,
    CSL,
    DATA,
    FOLDER,
    META,
    NOTEBOOKS,
    PROV,
    REFERENCES,
)
from review.markdown import escape
from review.report.edition import living_status
from review.wording import day

DOI = re.compile(r"doi:\s*(10\.\S+?)\.?(?=\s|$)")
NAMED = 3  # authors on the first screen


def rebuilds(r: Review) -> str:
    """One line on the article: its first authors, journal, DOI and day, from its citation."""
    article = find_edition(r.editions, PUBLISHED)
    citation = str(article["citation"])
    authors, _, rest = citation.partition(". ")
    names = authors.split(", ")
    told = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} others" if len(names) > NAMED
                                       else "")
    place = DOI.sub("", rest.partition(". ")[2]).strip(" .")
    found = DOI.search(citation)
    link = f", [doi:{found[1]}](https://doi.org/{found[1]})" if found else ""
    when = "" if pd.isna(article["released_on"]) else f", published {day(article['released_on'])}"
    return (f"::: {{.front-line}}\nRebuilds the article by {escape(told)}, *{escape(place)}*{link}"
            f"{when}.\n:::\n")


def edition_line(r: Review) -> str:
    """Edition, its release, its search and its status in one line."""
    edition = r.edition
    released = "" if pd.isna(edition["released_on"]) else \
        f", released {day(edition['released_on'])}"
    return (f"::: {{.front-line}}\n**Edition** {escape(edition['name'])} (`{r.name}`){released}; "
            f"databases searched to {day(edition['search_to'])}; living status: "
            f"{living_status(edition)}.\n:::\n")


def bar(r: Review) -> str:
    """How much of the article reproduces, as a bar whose parts lead to the statements; for the
    page alone, as `ledger.summary` says the same in words."""
    n = verdicts.counts(r)
    parts = []
    for status in compare.STATUSES:
        slug = status.replace("_", "-")
        if not n[status]:
            continue
        parts.append(
            f'<a class="bar-part is-{slug}" style="flex-grow: {n[status]}" data-show="{slug}" '
            f'href="chapters/{r.contents.audit_chapter}#sec-ledger">'
            f"<strong>{n[status]}</strong> <span>{html.escape(LABELS[status])}</span></a>")
    name = f"{n.sum()} checked statements of the article, by verdict"
    inside = "\n".join(parts)
    return _for_the_page(f'<nav class="bar" aria-label="{name}">\n{inside}\n</nav>')


def buttons(r: Review, pdf: str, cite: str) -> str:
    """What can be taken away, as links. pdf: name of the PDF; cite: id of the section on citing."""
    links = [("PDF", pdf), ("All data (zip)", f"{FOLDER}/{DATA}"),
             ("Code", f"chapters/{r.contents.rows_chapter}#sec-code"),
             ("Notebooks", f"{FOLDER}/{NOTEBOOKS}"), ("Cite", f"#{cite}")]
    made = " ".join(f'<a class="button" href="{target}">{words}</a>' for words, target in links)
    return _for_the_page(f'<nav class="buttons" aria-label="Downloads">{made}</nav>')


def downloads(r: Review) -> str:
    """Every file that lies beside the page, as a list."""
    tables = ", ".join(f"[{name}](data/{name}.csv)" for name in sorted(r.tables)
                       if (r.data / f"{name}.csv").is_file())
    lines = [
        f"- [the dataset in one file]({FOLDER}/{DATA}): every table, the rows behind each figure "
        "and table, the references and the descriptor, which any Frictionless tool reads",
        f"- [the descriptor](data/datapackage.json), and the tables one by one: {tables}",
        f"- [the executed notebooks]({FOLDER}/{NOTEBOOKS}), one a chapter",
        f"- the references as [BibTeX](references.bib), [RIS]({FOLDER}/{REFERENCES}) and "
        f"[CSL-JSON]({FOLDER}/{CSL})",
        f"- article and dataset to cite as [BibTeX]({FOLDER}/{CITATION_BIB}) and "
        f"[RIS]({FOLDER}/{CITATION_RIS})",
        f"- for other programs: [the checked statements with their verdicts]({FOLDER}/{CLAIMS}), "
        f"[where each number comes from]({FOLDER}/{PROV}) (W3C PROV), "
        f"[the results for meta-analysis in R]({FOLDER}/{META}), "
        f"and [all files described]({CRATE}) (RO-Crate)",
    ]
    return '::: {.content-visible when-format="html"}\n' + "\n".join(lines) + "\n:::\n"


def machine(r: Review) -> str:
    """The article, the dataset and each audited statement as JSON-LD (schema.org)."""
    published = find_edition(r.editions, PUBLISHED)
    found = DOI.search(str(published["citation"]))
    address = f"https://doi.org/{found[1]}" if found else ""
    authors, _, rest = str(published["citation"]).partition(". ")
    package = json.loads((r.data / "datapackage.json").read_text("utf-8"))
    article: dict[str, Any] = {
        "@type": "ScholarlyArticle", "@id": address or "#article",
        "headline": rest.partition(". ")[0],
        "author": [{"@type": "Person", "name": name} for name in authors.split(", ")]}
    if address:
        article["sameAs"] = address
    dataset = {
        "@type": "Dataset", "@id": "#dataset", "name": package.get("title", package["name"]),
        "description": package.get("description", ""), "version": package.get("version", ""),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isBasedOn": {"@id": article["@id"]},
        "distribution": [{"@type": "DataDownload", "encodingFormat": "application/zip",
                          "contentUrl": f"{FOLDER}/{DATA}"}]}
    reviews = [{
        "@type": "ClaimReview", "url": f"#claim-{e.claim_id}",
        "claimReviewed": f"{e.claim}: {e.published}",
        "itemReviewed": {"@type": "Claim", "appearance": {"@id": article["@id"]}},
        "reviewRating": {"@type": "Rating", "alternateName": LABELS[e.status]},
    } for e in verdicts.entries(r)]
    text = json.dumps({"@context": "https://schema.org", "@graph": [article, dataset, *reviews]},
                      ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _for_the_page(f'<script type="application/ld+json">{text}</script>')


def _for_the_page(markup: str) -> str:
    return f'::: {{.content-visible when-format="html"}}\n```{{=html}}\n{markup}\n```\n:::\n'
