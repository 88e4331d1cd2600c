"""Where a figure or table comes from: its rows, its code and its sources.

    python -m review.provenance          says which stored rows are out of step with the dataset
    python -m review.provenance --write  writes data/rows/<label>.csv for every figure and table
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from . import figures, sources, tables
from .built import Built
from .data import Review
from .gaps import OUTCOMES
from .markdown import escape, fitted, pipe_table

APPENDIX = "94-rows.qmd"
TITLES = {
    "tbl-clinical": "Included clinical trials",
    "tbl-rwe": "Included real-world studies",
    "tbl-patients": "Patient characteristics",
    "tbl-picos": "Eligibility criteria",
    "tbl-quality": "Quality appraisal",
    "tbl-search": "Sources searched",
    "tbl-editions": "Editions",
    "tbl-abbreviations": "Abbreviations",
}
# what names a row, by the first of these that it has
NAMES = ("study", "publication", "label", "name", "criterion", "abbreviation")
# what the appendix says of a figure's row: the rest repeats these or belongs to the drawing
FIGURE_COLUMNS = {"arm": "", "outcome": "", "n_total": "N ", "refractory": "refractoriness ",
                  "follow_up": "follow-up ", "text": "shown as ", "detail": "",
                  "place": "published row "}
# the same of a table's row, where its columns need a choice or words; the CSV has them all.
# Words that are one space join a cell to the one before.
TABLE_COLUMNS = {
    "tbl-patients": {"characteristic": "", "detail": " ", "statistic": "", "status": "",
                     "value": " ", "unit": " ", "spread": "", "low": " ", "high": " to ",
                     "scope": "", "n_total": "N ", "exposure_point": "time "},
    "tbl-quality": {"tool": "", "appraised": "appraised ", "kind": "", "rating_status": "rating ",
                    "report_types": "known from "},
}
SILENT = {"position", "table_position", "study_position", "source_id", "locator", "citekey",
          "lead", "note", "citation", "edition_added", "edition_superseded", "use", "checked_by",
          "printed", "setting"}
# what goes without saying
USUAL = {"status": {"value"}, "kind": {"reported"}, "statistic": {"count", "percent"}}


def labels() -> list[str]:
    """Labels of every figure and table of the report."""
    return [*figures.FIGURES, *tables.TABLES]


def rows(label: str, r: Review) -> pd.DataFrame:
    """The rows behind a figure or table; KeyError for an unknown label."""
    if label in figures.FIGURES:
        return figures.rows(label, r)
    return tables.table(label, r).rows


def provenance(built: Built, r: Review) -> str:
    """The line under a figure or table, as Markdown for a chapter in chapters/.

    The rows are a CSV to download in HTML and a table of the appendix in the PDF; the code is the
    builder's module, a file beside the page in HTML; the sources are citations.
    """
    module, builder = code(built.label)
    cited = dict.fromkeys(sources.citekey(r, key) for key in built.sources)
    end = f" Sources: [{'; '.join(f'@{key}' for key in cited)}]." if cited else ""
    appendix = f"[rows]({APPENDIX}#rows-{built.label})"
    csv = f"[rows as CSV](../data/rows/{built.label}.csv)"
    linked = f"Code: `{builder}` in [`{module}`](../{module}).{end}"
    named = f"Code: `{builder}` in `{module}`.{end}"
    return (f"::: {{.content-visible when-format=\"html\"}}\n"
            f":::: {{.provenance}}\nData: {csv}, [in the appendix]({APPENDIX}#rows-{built.label})."
            f" {linked}\n::::\n:::\n\n"
            f"::: {{.content-visible when-format=\"typst\"}}\n"
            f":::: {{.provenance}}\nData: {appendix}. {named}\n::::\n:::\n")


def code(label: str) -> tuple[str, str]:
    """Module (as a path of the project) and name of the builder of a figure or table."""
    if label in figures.FIGURES:
        return (f"review/figures/{figures.FIGURES[label]}.py",
                label.removeprefix("fig-").replace("-", "_"))
    module, builder = tables.TABLES[label]
    return f"review/tables/{module}.py", builder


def show_rows(built: Built) -> None:
    """Prints every row and column in full, the same text on every machine."""
    print(fixed_width(built.rows))


def fixed_width(frame: pd.DataFrame) -> str:
    """Every cell as text, in columns as wide as their longest cell; empty columns are named."""
    text = as_text(frame)
    empty = [name for name in text if not text[name].any()]
    lines = [list(text.columns.drop(empty)), *text.drop(columns=empty).to_numpy().tolist()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    body = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    count = f"{len(frame)} rows" + (f"; empty: {', '.join(empty)}" if empty else "")
    return "\n".join([*body, count])


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text: numbers in their shortest form, empty where there is nothing."""
    return pd.DataFrame({name: [_text(value) for value in frame[name]] for name in frame},
                        columns=frame.columns, dtype=object)


def csv_text(frame: pd.DataFrame) -> str:
    """The rows as comma-separated text with line feeds."""
    return as_text(frame).to_csv(index=False, lineterminator="\n")


def all_rows(r: Review) -> str:
    """The appendix: the rows behind every figure and table, a section each, as Markdown."""
    return "\n\n".join(section(label, r) for label in labels())


def section(label: str, r: Review) -> str:
    """The rows of one figure or table under a heading that the line under it links to.

    A figure is also told in words, in full, for readers who cannot see it. One line a row: what
    it is, what is shown of it, and the place in its source.
    """
    frame = rows(label, r)
    if label in figures.FIGURES:
        recipe = figures.recipe(label)
        title, words = recipe.title, f" In words: {escape(recipe.describe(frame))}"
    else:
        title, words = TITLES[label], ""
    head = f"## {title} {{#rows-{label} .unnumbered .unlisted}}\n\nRows of @{label}.{words}\n\n"
    columns = ["Row", "What is shown", "Source"][:3 if "locator" in frame else 2]
    lines = [_line(row, label, r)[:len(columns)] for row in frame.to_dict("records")]
    widths = fitted(columns, lines, [34, 60, 30][:len(columns)])
    return head + pipe_table(columns, lines, widths)


def write(r: Review, folder: Path | None = None) -> list[Path]:
    """Stores the rows of every figure and table as CSV, by default in the dataset's rows/."""
    folder = folder or r.data / "rows"
    folder.mkdir(exist_ok=True)
    written = []
    for label in labels():
        path = folder / f"{label}.csv"
        path.write_bytes(csv_text(rows(label, r)).encode())
        written.append(path)
    return written


def stale(r: Review, folder: Path | None = None) -> list[str]:
    """Labels whose stored rows differ from the dataset's, are missing, or belong to nothing."""
    folder = folder or r.data / "rows"
    differing = [label for label in labels()
                 if not (folder / f"{label}.csv").is_file()
                 or (folder / f"{label}.csv").read_bytes() != csv_text(rows(label, r)).encode()]
    known = set(labels())
    return differing + sorted(p.stem for p in folder.glob("*.csv") if p.stem not in known)


def _line(row: dict, label: str, r: Review) -> list[str]:
    name = next((key for key in NAMES if key in row and _text(row[key])), next(iter(row)))
    title = _text(row[name])
    if _text(row.get("ref")):
        title += f" [{row['ref']}]"
    if label in figures.FIGURES:
        wanted = FIGURE_COLUMNS
    elif label in TABLE_COLUMNS:
        wanted = TABLE_COLUMNS[label]
    else:
        wanted = {key: f"{key.replace('_', ' ')} " for key in row
                  if key not in SILENT and key != name and not key.endswith("_id")}
    shown = "; ".join(f"{words}{OUTCOMES.get(_text(row[key]), _text(row[key]))}"
                      for key, words in wanted.items()
                      if key in row and _text(row[key]) not in {"", *USUAL.get(key, ())})
    source = ""
    if _text(row.get("source_id")):
        source = f"[@{sources.citekey(r, row['source_id'])}] {_plain(row['locator'])}".strip()
    return [_plain(title), _plain(re.sub("; +(?= )", "", shown).replace("_", " ")), source]


def _plain(value) -> str:
    return escape(" ".join(_text(value).split()))


def _text(value) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value)


def main(arguments: Iterable[str]) -> int:
    """Compares the stored rows with the dataset, or writes them."""
    from .data import load

    r = load()
    if "--write" in arguments:
        print(f"{len(write(r))} files in {r.data / 'rows'}")
        return 0
    differing = stale(r)
    for label in differing:
        print(f"data/rows/{label}.csv is out of step; run python -m review.provenance --write",
              file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
