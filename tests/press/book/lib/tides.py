"""Helper code of the demonstration: reads the data, draws one figure, makes one table."""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from great_tables import GT, loc, md, style
from IPython import get_ipython
from IPython.display import Markdown

FILE = Path(__file__).parent.parent / "data" / "tides.csv"
EDITION = os.environ.get("TIDES_EDITION", "current")


def load():
    """The rows, with nullable columns."""
    return pd.read_csv(FILE).convert_dtypes()


def claim(label, text):
    """A value that leads to the place where it is explained."""
    return Markdown(f'[{text}](90-rows.qmd#claim-{label}){{.claim title="Claim {label}"}}')


def heights(rows):
    """High water by month, a line for each harbour."""
    figure, ax = plt.subplots(figsize=(6.2, 3))
    for (name, group), marker in zip(rows.groupby("harbour"), "os^", strict=True):
        ax.plot(group["month"], group["high"].astype(float), marker=marker, label=name)
    ax.set(xlabel="Month", ylabel="High water (m)", xticks=[1, 2, 3])
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)


def table(rows, name):
    """Groups, a spanner, fills, bold, footnotes, a source note and a missing value."""
    wide = rows[["coast", "harbour", "month", "high", "low"]]
    shown = (
        GT(wide, id=name, rowname_col="harbour", groupname_col="coast")
        .tab_stubhead("Harbour")
        .tab_spanner("Height (m)", ["high", "low"])
        .cols_label(month="Month", high="High", low=md("*Low*"))
        .sub_missing(missing_text="not measured")
        .tab_style([style.fill("#e3eef8"), style.text(weight="bold")],
                   loc.body(columns="high", rows=[2]))
        .tab_style(style.text(color="#9c2320"), loc.body(columns="low", rows=[0]))
        .tab_footnote("Above chart datum.", loc.spanner_labels(["Height (m)"]))
        .tab_footnote("The highest of all.", loc.body(columns="high", rows=[2]))
        .tab_source_note(md("Source: *invented* for this [demonstration](https://example.org)."))
    )
    plain = get_ipython().display_formatter.formatters["text/plain"]
    plain.for_type(GT, lambda gt, p, cycle: p.text(wide.to_csv(index=False)))
    return shown
