"""Rules for where a row is filed: figure, row of a figure, table, footnote, place in a table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import ADDED, SUPERSEDED


def panels(d: Dataset) -> Iterator[Problem]:
    """A result stands in a figure that draws its setting and its outcome."""
    drawn = d.contents.vocabulary.panels
    if "figure" not in d["outcomes"] or not drawn:
        return
    rows = d.outcomes
    figure = rows["figure"].astype("string")
    setting = rows["study_id"].map(d.lookup("studies", "study_id", "setting")).astype("string")
    wanted = figure.map({label: panel.setting for label, panel in drawn.items()}).astype("string")
    yield from flag(d, "outcomes", wanted.notna() & setting.notna() & (wanted != setting),
                    "figure", "figure of another setting",
                    "{figure} draws studies of setting {wanted}, and {study_id} is of {setting}",
                    "empty figure, or name one of its setting", wanted=wanted, setting=setting,
                    study_id=rows["study_id"])
    pairs = {f"{label} {outcome}" for label, panel in drawn.items() for outcome in panel.outcomes}
    other = ~(figure + " " + rows["outcome"].astype("string")).isin(pairs)
    yield from flag(d, "outcomes", figure.isin(list(drawn)) & other, "figure",
                    "figure of another outcome", "{figure} does not draw {outcome}",
                    "empty figure, or name one that draws {outcome}")


def figure_rows(d: Dataset) -> Iterator[Problem]:
    """A row of a figure names its figure, is known or open but not both, and is taken once."""
    rows = d["outcomes"]
    if "figure_row" not in rows:
        return
    figure, place = rows["figure"].astype("string"), rows["figure_row"]
    options = rows["figure_row_options"]
    yield from flag(d, "outcomes", figure.isna() & (place.notna() | options.notna()), "figure_row",
                    "row without figure", "a row of a figure is given and no figure",
                    "fill in figure, or empty the row")
    yield from flag(d, "outcomes", place.notna() & options.notna(), "figure_row_options",
                    "row known and open", "{figure_row} is the row and {figure_row_options} are "
                    "open", "empty one of them")
    key = (figure + "/" + place.astype("string")).where(_counting(rows))
    yield from flag(d, "outcomes", key.notna() & key.duplicated(), "figure_row",
                    "row of a figure twice", "row {figure_row} of {figure} is taken already",
                    "correct one of the two")


def kept_in_table(d: Dataset) -> Iterator[Problem]:
    """A characteristic that takes the place of another stands in the table in which that stood. A
    result needs no such rule: `dataset.places` carries its figure on."""
    rows = d["characteristics"]
    if "table" not in rows:
        return
    cells = rows["table"].astype("string")
    identity = ["study_id", "characteristic", "detail", "statistic", "use", "scope"]
    key = rows[identity].astype("string").fillna("").agg("\x1f".join, axis=1)
    before = pd.DataFrame({"key": key + "\x1f" + rows[SUPERSEDED],
                           "table": cells}).dropna().drop_duplicates("key")
    was = (key + "\x1f" + rows[ADDED]).map(before.set_index("key")["table"]).astype("string")
    yield from flag(d, "characteristics", was.notna() & cells.isna(), "table", "place lost",
                    "the row takes the place of one in the table {was}, and stands in none",
                    "write {was} into table", was=was)


def tables(d: Dataset) -> Iterator[Problem]:
    """A characteristic stands in the table of its study's setting, with a footnote of it."""
    rows = d["characteristics"]
    if "table" not in rows:
        return
    words = d.contents.vocabulary.settings
    setting = rows["study_id"].map(d.lookup("studies", "study_id", "setting")).astype("string")
    wanted = setting.map({code: one.table for code, one in words.items()})
    given = rows["table"].astype("string")
    yield from flag(d, "characteristics", wanted.notna() & given.notna() & (wanted != given),
                    "table", "table of another setting",
                    "{study_id} is of setting {setting}, whose table is {wanted}",
                    "write {wanted}, or correct the study", setting=setting, wanted=wanted)
    if "footnote" not in rows or "footnotes" not in d.resources:
        return
    listed = d["footnotes"]
    known = set(listed["table"].astype("string") + "/" + listed["footnote"])
    note = given + "/" + rows["footnote"]
    lost = rows["footnote"].notna() & ~note.isin(known)
    yield from flag(d, "characteristics", lost, "footnote", "unknown footnote",
                    "{footnote} is no footnote of {table}",
                    "write one that footnotes.csv lists for the table, or empty the cell")


def positions(d: Dataset) -> Iterator[Problem]:
    """Two studies of one setting do not have the same place in their table."""
    rows = d["studies"]
    place = rows["setting"].astype("string") + "/" + rows["table_position"].astype("string")
    place = place.where(_counting(rows))
    yield from flag(d, "studies", place.notna() & place.duplicated(), "table_position",
                    "place taken", "another study of setting {setting} has place {table_position}",
                    "give it the next free place", WARNING)


def _counting(rows: pd.DataFrame) -> pd.Series:
    return rows[SUPERSEDED].isna()


RULES = (panels, figure_rows, kept_in_table, tables, positions)
