"""The figure and the table of this review."""

import io

import matplotlib.figure
import pandas as pd
from great_tables import GT

from review.audit.displays import Figure, Table
from review.dataset.load import Review
from review.dataset.views import groups, known


class Drawing(matplotlib.figure.Figure):
    """A drawing that a notebook shows as SVG, without the day on which it was made."""

    def _repr_svg_(self) -> str:
        text = io.StringIO()
        self.savefig(text, format="svg", metadata={"Date": None})
        return text.getvalue()


def recovery_rows(r: Review) -> pd.DataFrame:
    """Medians that were reached, one row a group, shortest first."""
    rows = known(groups(r, "recovery")).sort_values(["value", "study"])
    return rows[["study", "setting", "value", "unit", "source_id", "locator"]].reset_index(
        drop=True)


def draw(rows: pd.DataFrame) -> Drawing:
    """A point a group."""
    drawing = Drawing(figsize=(6, 2.5), layout="constrained")
    axes = drawing.add_subplot()
    axes.plot(rows["value"].astype(float), rows["study"].astype(str), "o")
    axes.set_xlabel("Median days to recovery")
    return drawing


def describe(rows: pd.DataFrame) -> str:
    """The medians in words."""
    return "Median days to recovery: " + ", ".join(
        f"{row.study} {row.value:g}" for row in rows.itertuples()) + "."


def studies_rows(r: Review) -> pd.DataFrame:
    """Studies by setting, with their brace."""
    return r.studies.sort_values(["setting", "table_position"])[
        ["label", "setting", "regimen", "design", "source_id", "locator"]].reset_index(drop=True)


def studies_table(rows: pd.DataFrame, r: Review) -> GT:
    """A line a study."""
    shown = rows[["label", "setting", "regimen", "design"]].astype("string")
    return GT(shown, id="tbl-studies").cols_label(
        label="Study", setting="Setting", regimen="Brace", design="Design")


recovery = Figure("fig-recovery", "Median days to recovery", recovery_rows, draw, describe)
studies = Table("tbl-studies", "Included studies", studies_rows, studies_table)
