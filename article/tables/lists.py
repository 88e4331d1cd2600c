"""Tables that list rows of one resource: searches, editions, abbreviations, criteria, quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from article.tables.style import plain_table, unbroken
from article.vocabulary import VOCABULARY
from review.audit.displays import Table
from review.dataset.load import Review
from review.dataset.schema import ROW

if TYPE_CHECKING:
    from great_tables import GT

CHECKS = {
    "retreated_share": "share or separate report, per study",
    "retreated_count": "patients in the largest retreated group, per study",
    "eligible_outcome": "an outcome row of this kind, per study",
    "design": "design of the study",
    "anti_cd38": "a retreatment group, per study",
}
NO_APPRAISAL = "no appraisal recorded"


# the boxes of the flow that state the same count
FLOW = {"records": "database_results", "reports": "total_reports", "studies": "total_studies"}


def picos_rows(r: Review) -> pd.DataFrame:
    """Eligibility criteria by PICOS element, with the machine check that applies each."""
    return r.eligibility.drop(columns=ROW)


def picos_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a criterion, under its element."""
    shown = pd.DataFrame({
        "element": rows["element"].astype("string"),
        "direction": rows["direction"].astype("string"),
        "criterion": rows["criterion"],
        "check": rows["checked_by"].map(CHECKS).astype("string").fillna("needs a reader"),
    })
    return plain_table(_listed(shown), "tbl-picos", group_by="element").cols_label(
        direction="Rule", criterion="Criterion", check="Checked here by")


def _listed(shown: pd.DataFrame) -> pd.DataFrame:
    """Criteria that differ in nothing but their words on one line; a remark keeps its own."""
    alone = shown["criterion"].str.contains(";").cumsum().where(
        shown["criterion"].str.contains(";"), -1)
    keys = [shown["element"], shown["direction"], shown["check"], alone]
    first = shown.groupby(keys, sort=False, observed=True)["criterion"].agg(
        lambda items: "; ".join([items.iloc[0], *(i[0].lower() + i[1:] for i in items[1:])]))
    return first.reset_index(level=[0, 1, 2])[shown.columns].reset_index(drop=True)


def search_rows(r: Review) -> pd.DataFrame:
    """Sources searched, one line a source and edition, with what is stated of each."""
    rows = r.search.drop(columns=ROW).merge(r.editions[["edition_id", "name", "position"]].rename(
        columns={"name": "edition"}), on="edition_id", validate="many_to_one")
    return rows.sort_values("position", kind="stable").drop(columns="position").reset_index(
        drop=True)


def search_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a source, under its edition."""
    start = rows["from_year"].astype("string").where(
        rows["from_year"].notna(), rows["type"].map(
            {"database": "inception"}).astype("string").fillna("not stated"))
    end = rows["to_date"].dt.strftime("%Y-%m-%d").astype("string").where(
        rows["to_date"].notna(), rows["to_year"].astype("string").fillna("not stated"))
    shown = pd.DataFrame({
        "edition": rows["edition"], "name": rows["name"], "type": rows["type"].astype("string"),
        "from": start, "to": end,
        "hits": rows["hits"].astype("string").where(
            rows["hits"].notna(), rows["hits_status"].astype("string")),
    })
    table = plain_table(shown, "tbl-search", group_by="edition").cols_label({
        "name": "Source", "type": "Kind", "from": "From", "to": "To", "hits": "Records found"})
    return unbroken(table, ["from", "to"])


def editions_rows(r: Review) -> pd.DataFrame:
    """Editions of the review, oldest first, with counts as each edition or its flow states them."""
    rows = r.editions.drop(columns=ROW).sort_values("position").reset_index(drop=True)
    flow = r.flow[r.flow["n"].notna()].set_index(["data", "edition_id"])["n"]
    for column, box in FLOW.items():
        if box in flow:
            rows[column] = rows[column].fillna(rows["edition_id"].map(flow[box]))
    return rows


def editions_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line an edition."""
    counts = ["records", "reports", "studies", *VOCABULARY.settings]
    shown = pd.DataFrame({
        "name": rows["name"], "search_to": rows["search_to"].dt.strftime("%Y-%m-%d"),
        "released_on": rows["released_on"].dt.strftime("%Y-%m-%d").fillna("not known"),
        **{column: rows[column].astype("string").fillna("not stated")
           for column in counts},
        "status": rows["status"].astype("string"),
    })
    table = plain_table(shown, "tbl-editions").cols_label(
        name="Edition", search_to="Search to", released_on="Published", records="Records",
        reports="Reports", studies="Studies", clinical="Trials", rwe="Real-world",
        status="Status").cols_align("right", counts)
    return unbroken(table, ["search_to", "released_on"])


def abbreviations_rows(r: Review) -> pd.DataFrame:
    """Abbreviations in alphabetical order."""
    rows = r.abbreviations.sort_values("abbreviation", key=lambda a: a.str.casefold())
    return rows.drop(columns=ROW).reset_index(drop=True)


def abbreviations_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line an abbreviation."""
    return plain_table(rows[["abbreviation", "meaning"]], "tbl-abbreviations").cols_label(
        abbreviation="Abbreviation", meaning="Meaning")


def quality_rows(r: Review) -> pd.DataFrame:
    """Appraisal as far as published: who was appraised is inferred, no rating is published.

    A study without a row in quality.csv is listed, and it is said that no appraisal is recorded.
    """
    studies = r.studies[["study_id", "label", "setting", "design", "table_position"]]
    reports = r.reports.groupby("study_id", sort=False)["type"].agg(
        lambda types: ", ".join(sorted(set(types.astype(str))))).rename("report_types")
    # a study without a row is in the review as well: nothing is known of its appraisal
    rows = (r.quality.drop(columns=ROW)
            .merge(studies, on="study_id", how="right", validate="one_to_one")
            .merge(reports, on="study_id", how="left", validate="one_to_one")
            .sort_values(["setting", "table_position"], kind="stable").reset_index(drop=True))
    rows["rating_status"] = rows["rating_status"].astype("string").fillna(NO_APPRAISAL)
    return rows


def quality_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a study, under its setting."""
    shown = pd.DataFrame({
        "setting": rows["setting"].map(
            {code: setting.title for code, setting in VOCABULARY.settings.items()}
        ).astype("string"),
        "study": rows["label"], "reports": rows["report_types"],
        "appraised": rows["appraised"].map({True: "✓ yes", False: "– no"}).astype(
            "string").fillna("? not known")
        + (" (" + rows["kind"].astype("string") + ")").fillna(""),
        "rating": rows["rating_status"].astype("string"),
    })
    return plain_table(shown, "tbl-quality", group_by="setting").cols_label(
        study="Study", reports="Kinds of report", appraised="Appraised",
        rating="Ratings (MMAT)")


picos = Table("tbl-picos", "Eligibility criteria", picos_rows, picos_table)
quality = Table("tbl-quality", "Quality appraisal", quality_rows, quality_table, {
    "tool": "", "appraised": "appraised ", "kind": "", "rating_status": "rating ",
    "report_types": "known from "})
search = Table("tbl-search", "Sources searched", search_rows, search_table, of_edition=True)
editions = Table("tbl-editions", "Editions", editions_rows, editions_table, of_edition=True)
abbreviations = Table("tbl-abbreviations", "Abbreviations", abbreviations_rows, abbreviations_table)
