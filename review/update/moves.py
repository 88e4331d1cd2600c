"""The rows that came or went from one edition to the next, and which took the place of which."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from review.dataset.load import Review, read_all
from review.dataset.printed import plain_cells
from review.dataset.schema import ADDED as ADDED_BY
from review.dataset.schema import SUPERSEDED as SUPERSEDED_BY
from review.dataset.schema import Resource, read_schema
from review.dataset.views import results

ADDED, CORRECTED, SUPERSEDED = "added", "corrected", "superseded"
# taken out because its study or report was retracted; replaced by what a newer report gives; the
# same under another key, because a row that it rests on has another
RETRACTED, UPDATED, CARRIED = "retracted", "updated", "carried over"
NUMBER = r"[\d.,]+"
MOVES = ["change", "table", "row_old", "row_new", "study", "what", "old", "new", "reason"]


def moves(old: Review, new: Review) -> pd.DataFrame:
    """Rows that came or went, one line each; a row that took the place of another (the same
    subject: study, group, outcome ...) is one line with both."""
    return pd.concat([_moves(resource, old, new) for resource in living(old)], ignore_index=True)


def living(r: Review) -> list[Resource]:
    """The tables whose rows carry the edition that added them."""
    return [resource for resource in read_schema(r.data).values() if resource.living]


def _moves(resource: Resource, old: Review, new: Review) -> pd.DataFrame:
    table = resource.name
    before, after = old.tables[table], new.tables[table]
    key = before.columns[0]
    left, arrived = before[~before[key].isin(after[key])], after[~after[key].isin(before[key])]
    gone, came = _described(old, resource, left), _described(new, resource, arrived)
    told = _told(resource, new, gone["row"])
    for column in ("kind", "reason"):
        gone[column] = [told[row][column] for row in gone["row"]]
        gone[column] = gone[column].astype("string")
    # a row that names its successor makes place for it
    then = pd.Series([told[row]["end"] for row in gone["row"]], gone.index, dtype="string")
    then = then.where(then.isin(came["row"]))
    gone["subject"] = then.fillna(gone["subject"])
    came["subject"] = came["subject"].where(~came["row"].isin(then), came["row"])
    for frame in (gone, came):
        # else the first row that leaves a subject makes place for the first that comes, and so on
        frame["place"] = frame.groupby("subject").cumcount()
    both = gone.merge(came, on=["subject", "place"], how="outer", suffixes=("_old", "_new"))
    there, here = both["row_old"].notna(), both["row_new"].notna()
    retracted = (both["kind"] == "retraction").fillna(False)
    both["change"] = CORRECTED
    both.loc[(both["kind"] == "newer report").fillna(False), "change"] = UPDATED
    same = both["row_old"].map(_cells(resource, table, left)) == both["row_new"].map(
        _cells(resource, table, arrived))
    # a report of which the study has another lead now is the same report
    led = both["row_old"].map(_cells(resource, table, left, ("lead", "table_position"))) == \
        both["row_new"].map(_cells(resource, table, arrived, ("lead", "table_position")))
    same |= led & both["kind"].isin(["retraction", "newer report"])
    both.loc[there & here & same.fillna(False), "change"] = CARRIED
    both.loc[there & ~here, "change"] = SUPERSEDED
    both.loc[there & ~here & retracted, "change"] = RETRACTED
    both.loc[~there & here, "change"] = ADDED
    for column in ("study", "what"):
        both[column] = both[f"{column}_new"].fillna(both[f"{column}_old"])
    both = both.rename(columns={"shown_old": "old", "shown_new": "new"}).assign(table=table)
    return both[MOVES].astype("string")


def _told(resource: Resource, new: Review,
          rows: pd.Series) -> dict[str, dict[str, str | None]]:
    """What is said of each row that left: the row that stands in its place at the end, after any
    number of editions, and kind and reason of the step that says why. That is the last one, unless
    the row at the end was only carried over from one that was changed before."""
    table = resource.name
    lines = {f"{table}/{line.key}": line for line in new.supersessions[
        new.supersessions["table"] == table].drop_duplicates("key").itertuples()}
    chains = {row: _chain(row, table, lines) for row in rows}
    if any(len(chain) > 2 for chain in chains.values()):
        # editions between the two are in the files
        said = _cells(resource, table, read_all(new.data)[table])
    found = {}
    for row, chain in chains.items():
        steps = list(pairwise(chain))
        step = lines[steps[-1][0]] if steps else None
        if chain[-1] and len(steps) > 1:
            step = next((lines[one] for one, then in reversed(steps) if said[one] != said[then]),
                        step)
        found[row] = {"end": chain[-1] if steps and chain[-1] else None,
                      "kind": step and str(step.kind), "reason": step and str(step.reason)}
    return found


def _chain(row: str, table: str, lines: Mapping[str, Any]) -> list[str]:
    """A row and those that took its place, one after the other; "" at the end where none did."""
    chain = [row]
    while chain[-1] in lines and len(chain) <= len(lines):
        then = lines[chain[-1]].successor
        chain.append(f"{table}/{then}" if pd.notna(then) else "")
    return chain


def _cells(resource: Resource, table: str, rows: pd.DataFrame,
           without: tuple[str, ...] = ()) -> pd.Series:
    """What each row says, by its name: every cell but its keys, its place in the history and those
    named in `without`."""
    keys = {*resource.primary_key, *(field for field, _, _ in resource.foreign_keys),
            ADDED_BY, SUPERSEDED_BY, *without}
    own = [name for name in resource.names if name not in keys]
    named = pd.Series(table + "/" + rows[resource.primary_key[0]].astype("string"))
    return pd.Series(_joined(rows, own).to_numpy(), index=named.to_numpy(), dtype="string")


def _described(r: Review, resource: Resource, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as key, study, what they are about, their value as text and their subject."""
    table, key = resource.name, rows.columns[0]
    if table == "outcomes":
        rows = rows[[key]].merge(results(r), on=key)
        # a hazard ratio or a rate at a time is not the median of the outcome
        measured = [r.contents.vocabulary.measured(code, statistic) for code, statistic
                    in zip(rows["outcome"], rows["statistic"], strict=True)]
        what = pd.Series(measured, rows.index, dtype="string") + ", " + rows["arm"]
        subject = ["study_id", "arm", "outcome", "statistic", "use"]
        shown = _valued(rows)
    else:
        labels = r.studies[["study_id", "label"]].rename(columns={"label": "study"})
        rows = rows.merge(labels, on="study_id", how="left")
        if table == "characteristics":
            what = (rows["characteristic"].astype("string").str.replace("_", " ")
                    + (", " + rows["detail"]).fillna(""))
            subject = ["study_id", "arm_id", "characteristic", "detail", "statistic", "use"]
            shown = _valued(rows)
        else:
            what, subject = rows[resource.what or key], list(resource.subject or [key])
            shown = rows[resource.shown or key]
            if shown.dtype == "boolean":
                shown = shown.map({True: resource.shown, False: f"not {resource.shown}"}).fillna(
                    "not known")
    return pd.DataFrame({
        "row": table + "/" + rows[key].astype("string"),
        "study": rows["study"].astype("string"), "what": what.astype("string"),
        "shown": shown.astype("string"),
        "subject": _joined(rows, subject),
    })


def _joined(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    first, *rest = (rows[column].astype("string").fillna("") for column in columns)
    return first.str.cat(rest, sep="\x1f") if rest else first


def _valued(rows: pd.DataFrame) -> pd.Series:
    """The printed value with its unit, what stands in its place, or the limits it lies between."""
    status = rows["status"].astype("string")
    unit = rows["unit"].astype("string")
    unit = (" " + unit).where(unit != "percent", "%")
    value = rows["value"].astype("string")
    printed = plain_cells(rows["printed"]).fillna(value)
    # of two readings of a comma, the one that is the value
    read = pd.to_numeric(printed, errors="coerce")
    printed = printed.mask((read.notna() & (read != rows["value"])).fillna(False), value)
    # print may hold its own unit or words ("100% Dara ref")
    number = printed.where(~printed.str.fullmatch(NUMBER).fillna(False), printed + unit)
    limits = (", between " + rows["bound_low"].astype("string") + " and "
              + rows["bound_high"].astype("string") + unit).fillna("")
    return number.where(status == "value", status + limits)
