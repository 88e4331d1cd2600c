"""What a page says of its edition: its dates, how to cite it, and what changed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from review.dataset.load import PUBLISHED, Review, before, find_edition
from review.markdown import escape
from review.report.changes import markdown, summary
from review.update.changes import SEARCH_TO, history, since_previous
from review.wording import counted, day, listed


def status_line(r: Review, as_of: date | None = None) -> str:
    """Edition, search dates, age at release, living status, what changed: a Markdown list.

    as_of: day for which the living status is told; None tells it for the edition's release, so
    that a page does not change by being rendered later.
    """
    edition = r.edition
    due = edition.get("next_search_due")
    lines = [
        ("Edition", f"{escape(edition['name'])}, {_released(edition)}"),
        ("Searched", _searched(r)),
        ("Age of the search", _age(edition)),
        ("Next search due", "no date is stated" if pd.isna(due) else day(due)),
        ("Living status", living_status(edition, as_of)),
        ("Since the edition before", _since(r)),
    ]
    return "\n".join(f"- **{name}:** {text}." for name, text in lines) + "\n"


def living_status(edition: pd.Series, as_of: date | None = None) -> str:
    """Whether the edition is overdue, from its dates.

    An edition that is not the current one is what its row says (superseded, paused ...). The
    current one is overdue from the day after its next search was due; without such a day nothing
    can be overdue, and that is said. as_of: the day looked at; None: the day of release.
    """
    if edition["status"] != "current":
        return escape(str(edition["status"]))
    due, seen = edition.get("next_search_due"), as_of or edition["released_on"]
    if pd.isna(due):
        return "no next search is scheduled"
    if pd.isna(seen):
        return "not known, because the release date is not"
    days = (pd.Timestamp(due) - pd.Timestamp(seen)).days
    if days < 0:
        return f"overdue on {day(seen)}, by {counted(-days, 'day', 'days')}"
    if days == 0:
        return f"on schedule on {day(seen)}, the day on which the next search is due"
    return f"on schedule on {day(seen)}, with {counted(days, 'day', 'days')} to the next search"


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
    steps = history(r)
    if not steps:
        return "This is the first edition.\n"
    return "\n".join(
        f"### {escape(step.new['name'])}, against {escape(step.old['name'])} "
        f"{{#sec-changed-{step.new['edition_id']}}}\n\n{markdown(step)}" for step in steps)


def own_search(r: Review) -> str:
    """What the search of an edition after the published one covered and gave, from its own rows of
    search and flow; what the edition does not state is said. The published article's searches are
    history and never move."""
    if r.edition["type"] == "published":
        return "No later search belongs to this edition."
    name = escape(r.edition["name"])
    if (r.search["edition_id"] == r.name).any():
        covered = f"The search of {name} covered {_searched(r)}."
    else:
        covered = (f"{name} states no source of its search; it was searched to "
                   f"{day(r.edition['search_to'])}.")
    boxes = r.flow[(r.flow["edition_id"] == r.name) & r.flow["n"].notna()]
    told = [f"{escape(str(row.label))} {row.n:,}" for row in boxes.itertuples()]
    counts = f"Its flow of records: {'; '.join(told)}." if told else \
        "How many records it gave is not stated."
    new = listed([counted(n, *nouns) for n, nouns in zip(
        added(r), (("report", "reports"), ("study", "studies")), strict=True)])
    return f"{covered} {counts} It added {new}."


def added(r: Review) -> tuple[int, int]:
    """Reports and studies that the edition before did not have; a row that takes the place of
    another is not new."""
    old = before(r)
    if old is None:
        return len(r.reports), len(r.studies)
    return (int((~r.reports["citekey"].isin(old.reports["citekey"])).sum()),
            int((~r.studies["study_id"].isin(old.studies["study_id"])).sum()))


def _released(edition: pd.Series) -> str:
    released = edition["released_on"]
    return "release date not known" if pd.isna(released) else f"released on {day(released)}"


def _age(edition: pd.Series) -> str:
    if pd.isna(edition["released_on"]):
        return "not known, because the release date is not"
    days = (edition["released_on"] - edition["search_to"]).days
    if days == 0:
        return "released on the day to which it was searched"
    return (f"{counted(days, 'day', 'days')} from the last day of the database search to the "
            "release")


def _searched(r: Review) -> str:
    """Databases by name and last day; conferences counted, with their years or last day."""
    rows = r.search[r.search["edition_id"] == r.name]
    searches = []
    for last, group in rows[rows["type"] == "database"].groupby(
            "to_date", dropna=False, sort=False):
        until = "to a day that is not stated" if pd.isna(last) else f"to {day(last)}"
        searches.append(f"{listed([escape(name) for name in group['name']])} {until}")
    if rows.empty:
        searches.append(f"to {day(r.edition['search_to'])}, with no source stated")
    conferences = rows[rows["type"] == "conference"]
    if len(conferences):
        searches.append(f"{counted(len(conferences), 'conference', 'conferences')} "
                        f"{_conferences_until(r.edition, conferences)}")
    others = rows[rows["type"].isin(["registry", "reference list"])]
    for row in others.itertuples():
        name = row.name if row.type == "registry" else row.name[0].lower() + row.name[1:]
        until = "day not stated" if pd.isna(row.to_date) else f"to {day(row.to_date)}"
        searches.append(f"{escape(name)} ({until})")
    return "; ".join(searches)


def _conferences_until(edition: pd.Series, rows: pd.DataFrame) -> str:
    if pd.notna(edition["conferences_to"]):
        return f"to {day(edition['conferences_to'])}"
    if rows["to_year"].isna().all():
        return "(days not stated)"
    first, last = rows["from_year"].min(), rows["to_year"].max()
    years = f"of {last}" if pd.isna(first) or first == last else f"of {first} to {last}"
    return f"{years} (days not stated)"


def _since(r: Review) -> str:
    step = since_previous(r)
    if step is None:
        return "there is none"
    name = escape(step.old["name"])
    if step.by_counts:
        more = [f"{row.what.lower()} from {row.old} to {row.new}"
                for row in step.counts.itertuples()
                if row.old != row.new and row.what != SEARCH_TO]
        return (f"{name} carries no rows; its stated counts moved: {escape(listed(more))}. "
                "Which studies these are is not known (see @sec-history)")
    flips = len(step.flipped)
    effect = f"{counted(flips, 'conclusion', 'conclusions')} changed" if flips else \
        "no conclusion changed"
    return f"{name}: {summary(step)}; {effect} ({step.change_class}; see @sec-history)"
