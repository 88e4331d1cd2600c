"""Reading a drawing back, and changing one cell of a review."""


import pandas as pd

from article.contents import CONTENTS

# figures of another kind: they have tests of their own
OTHERS = ("fig-prisma", "fig-known", "fig-response", "fig-maturity", "fig-contrasts")
FOREST = [label for label in CONTENTS.figures if label not in OTHERS]


def changed(r, table, key, **cells):
    """The review with cells of one row of a table changed; the key is in its first column."""
    frame = getattr(r, table).copy()
    chosen = frame[frame.columns[0]] == key
    assert chosen.sum() == 1, key
    for name, value in cells.items():
        frame.loc[chosen, name] = pd.NA if value is None else value
    return r.with_tables(**{table: frame})


def plot_of(figure):
    """The axes that hold the marks."""
    return next(axes for axes in figure.axes if axes.get_label() == "plot")


def marks(figure):
    """Every labelled mark: {(kind, outcome_id): (x values, y)} in the units of the data."""
    found = {}
    axes = plot_of(figure)
    for line in axes.lines:
        kind, _, key = line.get_label().partition(":")
        if key:
            found[kind, key] = (list(line.get_xdata()), line.get_ydata()[0])
    for patch in axes.patches:
        kind, _, key = patch.get_label().partition(":")
        if key:
            left = patch.get_x()
            found[kind, key] = ([left, left + patch.get_width()],
                                patch.get_y() + patch.get_height() / 2)
    return found


def texts(figure):
    """Every written line, in order."""
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_text()]


def row(built, outcome_id):
    """The row of an outcome."""
    rows = built.rows[built.rows["outcome_id"] == outcome_id]
    assert len(rows) == 1, outcome_id
    return rows.iloc[0]
