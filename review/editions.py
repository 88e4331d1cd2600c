"""What an edition is, and what changed from one edition to the next.

An edition before this dataset (a predecessor) carries no rows: it is compared by its stated
counts alone, and what that leaves unknown is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from . import claims, conclusions
from .data import CURRENT, PUBLISHED, Review, data_folder, find_edition, read_all, select
from .frames import results
from .markdown import escape, pipe_table
from .sentences import counted, listed, unmarked

NO_EVIDENCE = "no new evidence"
SAME = "new evidence, same conclusions"
CHANGED = "changed"
CORRECTION = "correction"
UNKNOWN = "not known"

ADDED, CORRECTED, SUPERSEDED = "added", "corrected", "superseded"
# the tables whose rows carry the edition that added them, with the nouns that count their rows
ROWS = {
    "studies": ("study", "studies"), "reports": ("report", "reports"),
    "arms": ("group", "groups"), "outcomes": ("outcome value", "outcome values"),
    "characteristics": ("characteristic", "characteristics"),
    "quality": ("appraisal", "appraisals"),
}
# a new result or report is evidence; a group or an appraisal without one is not
EVIDENCE = ("studies", "reports", "outcomes", "characteristics")
COUNTS = {"search_to": "Search to", "records": "Records from databases", "reports": "Reports",
          "studies": "Studies", "clinical": "Clinical trials", "rwe": "Real-world studies"}
OUTCOMES = {"pfs": "PFS", "os": "OS", "orr": "ORR", "cr_or_better": "CR or better",
            "vgpr_or_better": "VGPR or better", "time_to_retreatment": "time to retreatment"}
NUMBER = r"[\d.,]+"
# lines of text or of a table on the page; JSON always holds every row
SHOWN = 40

MOVES = ["change", "table", "row_old", "row_new", "study", "what", "old", "new"]
CLAIMS = ["claim_id", "claim", "old", "new", "old_status", "new_status", "why"]
CONCLUSIONS = ["conclusion_id", "about", "old_truth", "new_truth", "flipped", "old", "new", "why"]


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed between two editions.

    old, new: rows of editions.csv. by_counts: the older one carries no rows, so that `counts` is
    all there is and the frames are empty. counts: what, old and new, as text. moves: a row of the
    dataset a line (MOVES): added; corrected (another row stands in its place); superseded (none
    does). claims: statements whose recomputed value or verdict differs (CLAIMS). conclusions:
    headline sentences that differ (CONCLUSIONS); flipped where the truth does. why: the studies
    whose rows moved. change_class: as in editions.csv.
    """

    old: pd.Series
    new: pd.Series
    by_counts: bool
    counts: pd.DataFrame
    moves: pd.DataFrame
    claims: pd.DataFrame
    conclusions: pd.DataFrame
    change_class: str

    @property
    def flipped(self) -> pd.DataFrame:
        """Conclusions whose truth changed."""
        return self.conclusions[self.conclusions["flipped"].astype(bool)]

    def of(self, table: str, change: str = ADDED) -> pd.DataFrame:
        """Moves of one table and kind."""
        return self.moves[(self.moves["table"] == table) & (self.moves["change"] == change)]

    def as_dict(self) -> dict:
        """Everything, for JSON."""
        return {
            "old": self.old["edition_id"], "new": self.new["edition_id"],
            "class": self.change_class, "by_counts_only": self.by_counts,
            "counts": _records(self.counts), "rows": _records(self.moves),
            "claims": _records(self.claims), "conclusions": _records(self.conclusions),
        }

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    def text(self) -> str:
        """For a terminal: what moved, a line each; the longest lists are cut and counted."""
        parts = [f"{self.old['name']} -> {self.new['name']}: {self.change_class}",
                 *(f"  {row.what}: {row.old} -> {row.new}" for row in self.counts.itertuples())]
        if self.by_counts:
            parts.append(f"  rows: not comparable. {_note(self.old)}")
            return "\n".join(parts)
        parts += ["", f"Rows: {summary(self)}",
                  *_cut(f"  {_move(row)}" for row in self.moves.head(SHOWN + 1).itertuples()),
                  *_more(self.moves)]
        parts += ["", f"Claims that differ: {len(self.claims)}", *claim_lines(self.claims)]
        parts += ["", f"Conclusions that changed: {len(self.flipped)}",
                  *conclusion_lines(self.conclusions)]
        return "\n".join(parts)

    def markdown(self) -> str:
        """For the report: the parts of `text` as paragraphs and tables."""
        table = pipe_table(
            ["Count", escape(self.old["name"]), escape(self.new["name"])],
            [[row.what, escape(row.old), escape(row.new)] for row in self.counts.itertuples()],
            widths=[30, 30, 30])
        if self.by_counts:
            return (f"{escape(self.old['name'])} carries no rows, so {escape(self.new['name'])} "
                    f"can be compared with it by stated counts alone.\n\n{table}\n\n"
                    f"{_note(self.old)} {_note(self.new)}\n")
        parts = [f"Kind of update: **{self.change_class}**. {_sentence(summary(self))}", table]
        if len(self.moves):
            parts.append(moves_markdown(self.moves))
        parts += [conclusions_markdown(self.conclusions), claims_markdown(self.claims)]
        return "\n\n".join(parts) + "\n"


def between(old: str, new: str, data: Path | str | None = None) -> Changes:
    """What changed between two editions by name; "current" is the newest.

    Raises DataError for an edition that does not exist.
    """
    folder = data_folder(data)
    tables = read_all(folder)
    editions = tables["editions"]
    rows = [_edition(editions, name) for name in (old, new)]
    if any(row["type"] == "predecessor" for row in rows):
        return by_counts(*rows)
    return changes(*(select(tables, row["edition_id"], folder) for row in rows))


def changes(old: Review, new: Review) -> Changes:
    """What changed between two editions of one dataset, or between an edition and a dry run.

    Within one dataset a row never changes in place (a correction supersedes it by another row),
    so rows are told apart by their keys.
    """
    moved = moves(old, new)
    why = _movers(moved)
    said = _claims(old, new, why)
    concluded = _conclusions(old, new, why)
    return Changes(old.edition, new.edition, False, _counts(_totals(old), _totals(new)), moved,
                   said, concluded, classify(moved, concluded))


def by_counts(old: pd.Series, new: pd.Series) -> Changes:
    """Two rows of editions.csv compared by what they state, where one carries no rows."""
    totals = [{name: row[name] for name in COUNTS} for row in (old, new)]
    return Changes(old, new, True, _counts(*totals), pd.DataFrame(columns=MOVES),
                   pd.DataFrame(columns=CLAIMS), pd.DataFrame(columns=CONCLUSIONS), UNKNOWN)


def classify(moved: pd.DataFrame, concluded: pd.DataFrame) -> str:
    """The kind of an update: a changed conclusion outweighs new evidence, and that a correction."""
    if concluded["flipped"].any():
        return CHANGED
    if ((moved["change"] == ADDED) & moved["table"].isin(EVIDENCE)).any():
        return SAME
    return CORRECTION if len(moved) else NO_EVIDENCE


def moves(old: Review, new: Review) -> pd.DataFrame:
    """Rows that came or went, one line each; a row that took the place of another (the same
    subject: study, group, outcome ...) is one line with both."""
    return pd.concat([_moves(table, old, new) for table in ROWS], ignore_index=True)


def summary(found: Changes) -> str:
    """What moved in one line: "one study and two outcome values added, one report superseded"."""
    parts = []
    for change in (ADDED, CORRECTED, SUPERSEDED):
        n = {table: len(found.of(table, change)) for table in ROWS}
        told = [counted(n[table], *ROWS[table]) for table in ROWS if n[table]]
        if told:
            parts.append(f"{listed(told)} {change}")
    return ", ".join(parts) or "no row was added, corrected or superseded"


# --- what a page says of its edition ------------------------------------------------------------


def status_line(r: Review) -> str:
    """Edition, search dates, age at release, living status, what changed: a Markdown list.

    Days are counted to the edition's date, never to the day of rendering.
    """
    edition = r.edition
    lines = [
        ("Edition", f"{escape(edition['name'])}, {_released(edition)}"),
        ("Searched", _searched(r)),
        ("Age of the search", _age(edition)),
        ("Living status", escape(str(edition["status"]))),
        ("Since the edition before", _since(r)),
    ]
    return "\n".join(f"- **{name}:** {text}." for name, text in lines) + "\n"


def how_to_cite(r: Review) -> str:
    """How to cite this edition, and the article it rests on where that is another."""
    own = f"> {escape(r.edition['citation'])}\n"
    if r.edition["type"] == "published":
        return ("Cite the article for its evidence and findings:\n\n"
                f"{own}\nFor the dataset, a recomputed value or a verdict of the audit, cite this "
                f"report beside it, with the name of its edition, *{escape(r.edition['name'])}* "
                f"(`{r.name}`), and the id of the statement or row.\n")
    article = find_edition(r.editions, PUBLISHED)
    return (f"Cite this edition as:\n\n{own}\nand the article that it continues as:\n\n"
            f"> {escape(article['citation'])}\n")


def what_changed(r: Review) -> str:
    """Each edition up to this one against the one before it, newest first, as Markdown."""
    steps = _steps(r)
    if not steps:
        return "This is the first edition.\n"
    return "\n".join(
        f"### {escape(step.new['name'])}, against {escape(step.old['name'])} "
        f"{{#sec-changed-{step.new['edition_id']}}}\n\n{step.markdown()}" for step in steps)


@lru_cache(maxsize=8)
def since_previous(r: Review) -> Changes | None:
    """What changed from the edition before, or None for the first."""
    if r.previous is None:
        return None
    if r.previous["type"] == "predecessor":
        return by_counts(r.previous, r.edition)
    return changes(select(read_all(r.data), r.previous["edition_id"], r.data), r)


def _steps(r: Review) -> list[Changes]:
    steps, tables = [], read_all(r.data)
    while (step := since_previous(r)) is not None:
        steps.append(step)
        if step.by_counts:
            break
        r = select(tables, r.previous["edition_id"], r.data)
    return steps


def _edition(editions: pd.DataFrame, name: str) -> pd.Series:
    named = editions[(editions["edition_id"] == name) & (name != CURRENT)]
    return find_edition(editions, name) if named.empty else named.iloc[0]


def _released(edition: pd.Series) -> str:
    day = edition["released_on"]
    return "release date not known" if pd.isna(day) else f"released on {day:%Y-%m-%d}"


def _age(edition: pd.Series) -> str:
    if pd.isna(edition["released_on"]):
        return "not known, because the release date is not"
    days = (edition["released_on"] - edition["search_to"]).days
    return (f"{counted(days, 'day', 'days')} from the last day of the database search to the "
            "release")


def _searched(r: Review) -> str:
    """Databases by name and last day; conferences counted, with their years or last day."""
    rows = r.search[r.search["edition_id"] == r.name]
    told = []
    for day, group in rows[rows["type"] == "database"].groupby("to_date", dropna=False, sort=False):
        until = "to a day that is not stated" if pd.isna(day) else f"to {day:%Y-%m-%d}"
        told.append(f"{listed([escape(name) for name in group['name']])} {until}")
    if not told:
        told.append(f"databases to {r.edition['search_to']:%Y-%m-%d}")
    conferences = rows[rows["type"] == "conference"]
    if len(conferences):
        told.append(f"{counted(len(conferences), 'conference', 'conferences')} "
                    f"{_conferences_until(r.edition, conferences)}")
    others = rows[rows["type"].isin(["registry", "reference list"])]
    for row in others.itertuples():
        name = row.name if row.type == "registry" else row.name[0].lower() + row.name[1:]
        until = "day not stated" if pd.isna(row.to_date) else f"to {row.to_date:%Y-%m-%d}"
        told.append(f"{escape(name)} ({until})")
    return "; ".join(told)


def _conferences_until(edition: pd.Series, rows: pd.DataFrame) -> str:
    if pd.notna(edition["conferences_to"]):
        return f"to {edition['conferences_to']:%Y-%m-%d}"
    if rows["to_year"].isna().all():
        return "(days not stated)"
    first, last = rows["from_year"].min(), rows["to_year"].max()
    years = f"of {last}" if pd.isna(first) else f"of {first} to {last}"
    return f"{years} (days not stated)"


def _since(r: Review) -> str:
    found = since_previous(r)
    if found is None:
        return "there is none"
    name = escape(found.old["name"])
    if found.by_counts:
        more = [f"{row.what.lower()} from {row.old} to {row.new}"
                for row in found.counts.itertuples()
                if row.old != row.new and row.what != COUNTS["search_to"]]
        return (f"{name} carries no rows; its stated counts moved: {escape(listed(more))}; which "
                "studies these are is not known (@sec-history)")
    flips = len(found.flipped)
    effect = f"{counted(flips, 'conclusion', 'conclusions')} changed" if flips else \
        "no conclusion changed"
    return f"{name}: {summary(found)}; {effect} ({found.change_class}; @sec-history)"


# --- rows ---------------------------------------------------------------------------------------


def _moves(table: str, old: Review, new: Review) -> pd.DataFrame:
    before, after = getattr(old, table), getattr(new, table)
    key = before.columns[0]
    gone = _described(old, table, before[~before[key].isin(after[key])])
    came = _described(new, table, after[~after[key].isin(before[key])])
    for frame in (gone, came):
        # the first row that leaves a subject makes place for the first that comes, and so on
        frame["place"] = frame.groupby("subject").cumcount()
    both = gone.merge(came, on=["subject", "place"], how="outer", suffixes=("_old", "_new"))
    there, here = both["row_old"].notna(), both["row_new"].notna()
    both["change"] = CORRECTED
    both.loc[there & ~here, "change"] = SUPERSEDED
    both.loc[~there & here, "change"] = ADDED
    for column in ("study", "what"):
        both[column] = both[f"{column}_new"].fillna(both[f"{column}_old"])
    both = both.rename(columns={"shown_old": "old", "shown_new": "new"}).assign(table=table)
    return both[MOVES].astype("string")


def _described(r: Review, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as key, study, what they are about, their value as text and their subject."""
    key = rows.columns[0]
    if table == "outcomes":
        rows = rows[[key]].merge(results(r), on=key)
        what = rows["outcome"].map(OUTCOMES).astype("string") + ", " + rows["arm"]
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
        elif table == "quality":
            what, subject = rows["tool"], ["study_id", "tool"]
            shown = rows["appraised"].map({True: "appraised", False: "not appraised"}).fillna(
                "not known")
        elif table == "studies":
            what, subject, shown = rows["regimen"], ["label"], rows["design"]
        elif table == "reports":
            what, subject, shown = rows["label"], ["study_id", "citekey"], rows["type"]
        else:
            what, subject = rows["label"], ["study_id", "label"]
            shown = rows["population"]
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
    printed = rows["printed"].fillna(rows["value"].astype("string"))
    # print may hold its own unit or words ("100% Dara ref")
    number = printed.where(~printed.str.fullmatch(NUMBER).fillna(False), printed + unit)
    limits = (", between " + rows["bound_low"].astype("string") + " and "
              + rows["bound_high"].astype("string") + unit).fillna("")
    return number.where(status == "value", status + limits)


def _counts(old: dict, new: dict) -> pd.DataFrame:
    return pd.DataFrame([(what, _count(old[name]), _count(new[name]))
                         for name, what in COUNTS.items()], columns=["what", "old", "new"])


def _totals(r: Review) -> dict:
    setting = r.studies["setting"]
    return {"search_to": r.edition["search_to"], "records": r.edition["records"],
            "reports": len(r.reports), "studies": len(r.studies),
            "clinical": int((setting == "clinical").sum()), "rwe": int((setting == "rwe").sum())}


def _count(value) -> str:
    if pd.isna(value):
        return "not stated"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


# --- claims and conclusions ---------------------------------------------------------------------


def _movers(moved: pd.DataFrame) -> dict[str, str]:
    """Study of every row that came or went, by its key."""
    return {key: study for side in ("row_old", "row_new")
            for key, study in zip(moved[side], moved["study"], strict=True) if pd.notna(key)}


def _why(movers: dict[str, str], *rows: Iterable[str]) -> str:
    studies = dict.fromkeys(movers[key] for part in rows for key in part if key in movers)
    return listed(list(studies))


def _claims(old: Review, new: Review, movers: dict[str, str]) -> pd.DataFrame:
    then = {entry.claim_id: entry for entry in claims.evaluate(old)}
    found = []
    for now in claims.evaluate(new):
        was = then[now.claim_id]
        if (was.recomputed, was.status) != (now.recomputed, now.status):
            found.append((now.claim_id, now.claim, was.recomputed or "nothing",
                          now.recomputed or "nothing", was.status, now.status,
                          _why(movers, now.rows, was.rows)))
    return pd.DataFrame(found, columns=CLAIMS)


def _conclusions(old: Review, new: Review, movers: dict[str, str]) -> pd.DataFrame:
    found = []
    for was, now in zip(conclusions.evaluate(old), conclusions.evaluate(new), strict=True):
        if (was.truth, was.sentence) != (now.truth, now.sentence):
            found.append((now.conclusion_id, now.about, conclusions.TRUTH[was.truth],
                          conclusions.TRUTH[now.truth], was.truth is not now.truth, was.sentence,
                          now.sentence, _why(movers, now.rows, was.rows)))
    return pd.DataFrame(found, columns=CONCLUSIONS)


# --- text and Markdown --------------------------------------------------------------------------


def claim_lines(found: pd.DataFrame) -> list[str]:
    """Claims that differ, a line each, for a terminal."""
    return [f"  {row.claim_id} {row.claim}: {row.old} -> {row.new}"
            + (f" [{row.old_status} -> {row.new_status}]" if row.old_status != row.new_status
               else "") + (f" because of {row.why}" if row.why else "")
            for row in found.itertuples()]


def conclusion_lines(found: pd.DataFrame) -> list[str]:
    """Conclusions whose truth or sentence differs, for a terminal."""
    lines = []
    for row in found.itertuples():
        truth = f"{row.old_truth} -> {row.new_truth}" if row.flipped else \
            f"{row.new_truth} as before, with other numbers"
        lines += [f"  {row.about}: {truth}" + (f" because of {row.why}" if row.why else ""),
                  f"    old: {unmarked(row.old)}", f"    new: {unmarked(row.new)}"]
    return lines


def moves_markdown(moved: pd.DataFrame) -> str:
    """Rows that came or went, as a table; the rest is counted."""
    lines = [[row.change, row.table, escape(row.study), escape(row.what), _cell(row.old),
              _cell(row.new)] for row in moved.head(SHOWN).itertuples()]
    return "\n\n".join([pipe_table(["Change", "Table", "Study", "What", "Old", "New"], lines,
                                   widths=[11, 15, 18, 28, 18, 18]), *_more(moved)])


def conclusions_markdown(found: pd.DataFrame) -> str:
    """Conclusions that differ, as a list: flipped ones with the old and the new sentence."""
    if found.empty:
        return "Every headline sentence of this report is as it was."
    lines = []
    for row in found.itertuples():
        cause = f", because of {escape(row.why)}" if row.why else ""
        if row.flipped:
            lines += [f"- {escape(row.about)}: **{row.old_truth}, now {row.new_truth}**{cause}.",
                      f"    - Old: {row.old}", f"    - New: {row.new}"]
        else:
            lines.append(f"- {escape(row.about)}: {row.new_truth} as before, with other "
                         f"numbers{cause}.")
    return "\n".join(lines)


def claims_markdown(found: pd.DataFrame) -> str:
    """Statements of the article whose recomputed value differs, as a table."""
    if found.empty:
        return "Every statement of the article recomputes as before."
    lines = [[row.claim_id, escape(row.claim), escape(row.old), escape(row.new),
              escape(row.why) or "–"] for row in found.head(SHOWN).itertuples()]
    return "\n\n".join([
        "These statements of the article come out differently on the new rows "
        "(the audit itself stays with the published edition).",
        pipe_table(["Statement", "What it says", "Old", "New", "Because of"], lines,
                   widths=[11, 37, 18, 18, 16]), *_more(found)])


def _move(row) -> str:
    values = {ADDED: row.new, SUPERSEDED: f"{row.old} -> none",
              CORRECTED: f"{row.old} -> {row.new}"}[row.change]
    return f"{row.change} {row.table}: {row.study}: {row.what}: {values}"


def _cell(text) -> str:
    return "–" if pd.isna(text) else escape(text)


def _cut(lines: Iterable[str]) -> list[str]:
    return list(lines)[:SHOWN]


def _more(rows: pd.DataFrame) -> list[str]:
    more = len(rows) - SHOWN
    return [f"And {more:,} more, which `review changes --format json` lists."] if more > 0 else []


def _note(edition: pd.Series) -> str:
    return "" if pd.isna(edition["note"]) else escape(edition["note"])


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _records(frame: pd.DataFrame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
