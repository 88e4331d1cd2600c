"""What the report offers to take away: the folder that the files lie in, their names and what they
are."""

from __future__ import annotations

FOLDER = "downloads"
DATA, NOTEBOOKS = "data.zip", "notebooks.zip"
REFERENCES, CITATION_RIS, CITATION_BIB = "references.ris", "citation.ris", "citation.bib"
CLAIMS, PROV = "claims.json", "provenance.prov.json"
META, CSL = "meta-analysis.csv", "references.csl.json"
# tools look for this name in the uppermost folder of what the file describes
CRATE = "ro-crate-metadata.json"

ABOUT = {
    DATA: "the dataset in one file: descriptor, tables, rows behind figures and tables, "
          "who notices a slipped digit, references",
    NOTEBOOKS: "the executed notebooks, one a chapter",
    REFERENCES: "the references as RIS",
    CITATION_RIS: "article and dataset to cite, as RIS",
    CITATION_BIB: "article and dataset to cite, as BibTeX",
    CLAIMS: "every checked statement of the article with its verdict, rows and sources, as JSON "
            "that explains its own fields",
    PROV: "where each number comes from, from document to claim, as W3C PROV (PROV-JSON)",
    META: "results of the synthesis in the layout that R's meta and metafor read, as CSV",
    CSL: "the references as CSL-JSON",
    CRATE: "page, PDF, tables and downloads described, as an RO-Crate (JSON-LD)",
}
