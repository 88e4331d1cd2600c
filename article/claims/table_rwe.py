"""Table 2: each row against what the rest of the article says of it."""

from __future__ import annotations

from article.claims.cells import row
from article.claims.table_clinical import publications
from review.audit.answers import Answer, NotRecomputable, count, refs
from review.audit.printed import printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import traits


@claim("T2-01")
def abdallah_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Abdallah 2023.

    Figure 2C labels the same share.
    """
    return row(r, "abdallah-2023")


@claim("T2-02")
def kostopoulos_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Kostopoulos 2023 and its earlier reports.

    Figures 2B and 2C label the share of the lead report.
    """
    return row(r, "kostopoulos-2023")


@claim("T2-03")
def kastritis_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of both reports of Kastritis.

    Figure 2B labels the same share.
    """
    return row(r, "kastritis-2023")


@claim("T2-04")
def kikuchi_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Kikuchi 2023.

    Figures 2B and 2C label the same share.
    """
    return row(r, "kikuchi-2023")


@claim("T2-05")
def perez_de_acha_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Perez de Acha 2023.

    Figure 2C labels the same shares. The follow-up is an upper limit, no median, and
    answers as one.
    """
    return row(r, "perez-de-acha-2023")


@claim("T2-06")
def image_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of IMAGE.

    The text gives the follow-up a second time. Whether the share fits the group sizes is a
    claim of its own.
    """
    return row(r, "image")


@claim("T2-07")
def girvan_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Girvan 2022."""
    return row(r, "girvan-2022")


@claim("T2-08")
def emmy_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of EMMY.

    Figure 2B labels the same share.
    """
    return row(r, "emmy")


@claim("T2-09")
def leblanc_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Leblanc 2022."""
    return row(r, "leblanc-2022")


@claim("T2-10")
def reyes_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Reyes 2022."""
    return row(r, "reyes-2022")


@claim("T2-11")
def zhou_2022_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Zhou 2022.

    Figures 2B and 2C label the same shares; the text repeats the penta-refractory one.
    """
    return row(r, "zhou-2022", penta=printed_value(r, "R3.5-16"))


@claim("T2-12")
def szabo_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Szabo 2022."""
    return row(r, "szabo-2022")


@claim("T2-13")
def atrash_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Atrash 2021."""
    return row(r, "atrash-2021")


@claim("T2-14")
def regidor_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Regidor 2021."""
    return row(r, "regidor-2021")


@claim("T2-15")
def yashar_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Yashar 2021."""
    return row(r, "yashar-2021")


@claim("T2-16")
def mammoth_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of both reports of MAMMOTH.

    Figure 2B labels the share of the later-listed report.
    """
    return row(r, "mammoth")


@claim("T2-17")
def zhou_2020_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Zhou 2020.

    Figure 2C labels the same share.
    """
    return row(r, "zhou-2020")


@claim("T2-18")
def nooka_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of both reports of Nooka.

    Figures 2B and 2C label the share of the lead report.
    """
    return row(r, "nooka-2019")


@claim("T2-19")
def table_2_publications(r: Review) -> Answer:
    """Publications of Table 2 and the references they carry."""
    rows = publications(r, "rwe")
    return together(count(rows, by="report_id"), refs(rows))


@claim("T2-20")
def rwe_studies_with_follow_up_in_table_2(r: Review) -> NotRecomputable:
    """Real-world studies with any follow-up cell in Table 2, a limit included, from any report.

    The table prints no such count; the abstract's is a claim of its own.
    """
    cells = traits(r, "follow_up", "rwe", lead=False)
    filled = cells[cells["value"].notna() | cells["bound_high"].notna()]
    studies = count(filled)
    return NotRecomputable("not published", f"the table states no count; {studies.because}",
                           studies)
