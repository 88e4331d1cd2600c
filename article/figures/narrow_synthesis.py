"""The figures of the synthesis for a phone: plain HTML from the rows of their drawings."""

from __future__ import annotations

from html import escape

import pandas as pd

from article.figures.narrow import bar, drawn, linked, point, scale
from article.synthesis.contrasts import EQUAL, HIGHER, LOWER, OPEN, outcome_of
from article.vocabulary import VOCABULARY
from review.dataset.views import Record, as_records

WHOLE = 100.0
SIGNS = {HIGHER: "▲", LOWER: "▼", EQUAL: "◆", OPEN: "●"}


def response(rows: pd.DataFrame) -> str:
    """The forest of `response_rows`, in percent: exact interval above, Wilson interval below it;
    groups without an interval with the reason. Empty without rows."""
    records = as_records(rows)
    if not records:
        return ""
    axis, lines = scale(WHOLE)
    parts = ['<p class="narrow-title">Overall response rate, %. Line: exact 95% interval; broken '
             "line: Wilson; pale: counts that the limits allow</p>", axis]
    for block in dict.fromkeys(row["block"] for row in records):
        items = "\n".join(_response(row, lines) for row in records if row["block"] == block)
        parts.append(f'<p class="narrow-head">{escape(block[0].upper() + block[1:])}</p>\n'
                     f'<ul class="narrow-rows">\n{items}\n</ul>')
    return "\n".join([*parts, axis])


def _response(row: Record, lines: str) -> str:
    marks, value = "", row["text"]
    if row["low"] is not None:
        value = f"{row['text']} [{row['low']:.1f}–{row['high']:.1f}]"
        marks = bar("interval", row["low"], row["high"], WHOLE) \
            + bar("wilson", row["wilson_low"], row["wilson_high"], WHOLE) \
            + point(row["value"], WHOLE)
    elif row["class"] == "D":
        least, most = (WHOLE * row[end] / row["total"] for end in ("least", "most"))
        marks = bar("limits", least, most, WHOLE)
    about = f"{row['arm']}; class {row['class']}" + (f"; {row['reason']}" if row["reason"] else "")
    return drawn(linked(row["study"], row["outcome_id"]), value, about, lines + marks)


def maturity(rows: pd.DataFrame, clock: str) -> str:
    """The medians of `maturity_rows` whose follow-up is on this clock, in months: a point on a bar
    as long as the follow-up. Empty without any."""
    records = [row for row in as_records(rows) if row["clock"] == clock]
    if not records:
        return ""
    highest = max(max(row["value"], row["follow_up"]) for row in records)
    axis, lines = scale(highest)
    items = []
    for row in records:
        marks = bar("limits", 0.0, row["follow_up"], highest) \
            + point(row["value"], highest, hollow=bool(row["immature"]))
        value = f"{VOCABULARY.outcome_label(row['outcome'])} {row['text']}"
        side = "beyond" if row["immature"] else "within"
        items.append(drawn(linked(row["study"], row["outcome_id"]), value,
                           f"{row['arm']}; {side} the follow-up of {row['follow_up']:g}",
                           lines + marks))
    rest = "\n".join(items)
    return ('<p class="narrow-title">Months. Point: median; pale bar: median follow-up</p>\n'
            f'{axis}\n<ul class="narrow-rows">\n{rest}\n</ul>\n{axis}')


def contrasts(rows: pd.DataFrame) -> str:
    """The comparisons of `contrast_rows`, each with both values, its direction and its caveat.
    Empty without rows."""
    items = []
    for row in as_records(rows):
        size, beside = (f", N {row[name]}" if row[name] is not None else ""
                        for name in ("size", "size_beside"))
        context = "" if row["status"] == "synthesis" else "; context"
        direction = "direction not known" if row["direction"] == OPEN else row["direction"]
        value = f"{direction}: {row['difference']}" if row["difference"] else direction
        interval = f" [{row['interval']}]" if row["interval"] else ""
        items.append(
            f"<li>{linked(row['study'], row['outcome_id'])} "
            f'<span class="narrow-value"><i class="is-{row["direction"].split(" ")[0]}" '
            f'aria-hidden="true">{SIGNS[row["direction"]]}</i> '
            f"{escape(value)}</span>"
            f"<small>{escape(outcome_of(row['outcome']))}; {escape(row['design'] + context)}; "
            f"groups {escape(row['pairing'] + interval)}</small>"
            f"<small>{escape(row['value'] + size)}: {escape(row['group'])}</small>"
            f"<small>{escape(row['value_beside'] + beside)}: {escape(row['beside'])}</small>"
            f"<small>{escape(row['caveat'])}</small></li>")
    rest = "\n".join(items)
    return f'<ul class="narrow-rows narrow-ruled">\n{rest}\n</ul>' if items else ""


def known(rows: pd.DataFrame) -> str:
    """The matrix of `known_rows` as one table a setting: a letter and a shade in each cell. Empty
    without rows. Its parts have the roles of a table and not its tags, since tables of chapters
    are written anew, for print too."""
    shades = {state: number for number, state in enumerate(
        ["reported", "limits only", "cited only", "not reported", "not an outcome"], start=1)}
    parts = ['<p class="narrow-title">R reported, L only limits, c cited only, – not reported, '
             "blank: no group to compare</p>"] if len(rows) else []
    for setting, part in rows.groupby("setting", sort=False):
        columns = list(dict.fromkeys(part["column"]))
        title = VOCABULARY.settings[str(setting)].title
        head = "".join(f'<span role="columnheader"><i>{escape(column)}</i></span>'
                       for column in columns)
        lines = [f'<div role="row"><b role="columnheader">{escape(title)}</b>{head}</div>']
        for study, cells in part.groupby("study", sort=False):
            made = {row["column"]: row for row in as_records(cells)}
            shown = "".join(f'<span role="cell" class="shade-{shades[made[column]["state"]]}">'
                            f'{escape(made[column]["letter"] or "")}</span>' for column in columns)
            lines.append(f'<div role="row"><b role="rowheader">{escape(str(study))}</b>'
                         f"{shown}</div>")
        rest = "\n".join(lines)
        parts.append(f'<div class="narrow-matrix" role="table" aria-label="{escape(title)}">\n'
                     f"{rest}\n</div>")
    return "\n".join(parts)
