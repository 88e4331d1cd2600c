"""Figures 1 and 2: captions, row counts and the text layer of the panels."""

from __future__ import annotations

import pandas as pd

from article.claims.groups import group
from review.audit import intervals
from review.audit.answers import Answer, Count, NotRecomputable, Number, count, keys, number
from review.audit.printed import printed_value
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, traits


@claim("F1-01")
def trimm_2_exposed_patients(r: Review) -> Number:
    """Exposed share of TRIMM-2 times its patients, rounded to whole patients."""
    exposed, patients = (traits(r, name, "clinical") for name in ("exposed", "population_size"))
    part = number(exposed[exposed["study_id"] == "trimm-2"])
    whole = number(patients[patients["study_id"] == "trimm-2"])
    product = part.value * whole.value / 100
    return Number(round(product), rows=part.rows + whole.rows,
                  because=f"{part.text}% of {whole.text} = {product:.1f}")


@claim("F2-01")
def line_labels_of_figure_2(r: Review) -> NotRecomputable:
    """A definition in the caption: nothing to compute. The text's own is compared in R3.5-03."""
    return NotRecomputable("judgement", "a definition; compared with the text in R3.5-03")


def drawn(r: Review, figure: str) -> pd.DataFrame:
    """Results that a panel of the article draws, one row a printed row."""
    outcome = figure.rsplit("-", 1)[1]
    rows = groups(r, outcome)
    return rows[rows["figure"] == figure]


def _rows(rows: pd.DataFrame) -> Count:
    return Count(len(rows), tuple(rows["study"]), rows=keys(rows),
                 because=f"{len(rows)} rows: {', '.join(rows['study'])}")


@claim("F2-02")
def rows_of_figure_2b(r: Review) -> Count:
    """Treatment groups drawn in Figure 2B, read from its text layer."""
    return _rows(drawn(r, "fig-rwe-os"))


@claim("F2-03")
def rows_of_figure_2c(r: Review) -> Answer:
    """Treatment groups drawn in Figure 2C, read from its text layer; their patients beside."""
    rows = drawn(r, "fig-rwe-orr")
    sized = rows[rows["n_total"].notna()]
    drawn_rows = _rows(rows)
    return drawn_rows.explained(f"{drawn_rows.because}; {sized['n_total'].sum()} patients in the "
                                f"{len(sized)} rows whose size is tied to a study")


@claim("F2-04")
def zhou_2022_patients(r: Review) -> NotRecomputable:
    """Patients of Zhou 2022 in Figure 2C, which only the published image can show.

    The print is a machine's reading of the panel's text layer, so a difference may be a misread
    digit; the size that the text and Figure 2B give stands beside.
    """
    size = number(group(r, "zhou-2022-retreated", "os"), "n_total")
    return NotRecomputable(
        "figure image", "the text layer was read by machine and the image was not seen; "
                        f"Results 3.5 and Figure 2B have {size.text} patients",
        size, rows=size.rows)


@claim("F2-05")
def loose_number_in_figure_2c(r: Review) -> NotRecomputable:
    """A number in the text layer that stands on no row.

    Tested is whether the row beside it could have it: as a rate of whole patients, for the size
    that the text gives and for the one that the text layer reads. A whole percentage with a zero
    added, as the article prints elsewhere, may leave one patient out who was not evaluable.
    """
    printed = printed_value(r, "F2-05")
    in_text = number(group(r, "zhou-2022-retreated", "os"), "n_total").text
    sizes = [in_text, printed_value(r, "F2-04")]
    fits = [size for size in sizes if intervals.possible_counts(printed, int(size))]
    whole = printed.partition(".")[0]
    less = [f"{n}/{int(size) - 1}" for size in sizes
            for n in intervals.possible_counts(whole, int(size) - 1)]
    return NotRecomputable(
        "figure image", f"it stands on no row; of {' and '.join(sizes)} patients, "
                        f"{' and '.join(fits) or 'neither'} can give {printed}%; as a whole "
                        "percentage, with one patient not evaluable, "
                        f"{' and '.join(less) or 'neither'} would: unassigned, not impossible")


@claim("F2-06")
def studies_in_figure_2a(r: Review) -> Count:
    """Studies with at least one treatment group in Figure 2A, by the labels of its rows."""
    return count(drawn(r, "fig-rwe-pfs"))
