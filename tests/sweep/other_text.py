"""The other living sentences of the page, read and held against the rows."""

from __future__ import annotations

import calendar
import datetime
import re
from collections import Counter
from collections.abc import Callable

import words as w
from reading import (
    LIMITS,
    MAIN,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_REPORTED,
    NOT_TRANSCRIBED,
    NOUNS,
    Edition,
    Row,
    reported,
    state,
    valued,
)

MEASURES = {"follow_up": ("Median follow-up", "months"),
            "prior_lines": ("The median number of prior lines", "lines")}
WITHOUT = {LIMITS: r"for (.+) only a limit is known",
           NOT_TRANSCRIBED: r"for (.+) it is reported and not transcribed",
           NOT_REACHED: r"for (.+) it was not reached",
           NOT_ESTIMABLE: r"for (.+) it could not be estimated",
           "other": r"for (.+) another measure is given"}


def included(text: str, e: Edition) -> None:
    """Reports and studies in figures, studies of each setting in words."""
    found = w.read(rf"This edition includes ([\d,]+ reports?) of ([\d,]+ stud(?:y|ies)): "
                   rf"({w.COUNT} .+) and ({w.COUNT} .+)\.", w.plain(text), "included")
    for part, n, one, many in ((found[1], len(e.tables["reports"]), "report", "reports"),
                               (found[2], len(e.studies()), "study", "studies")):
        w.same(part, f"{n:,} {one if n == 1 else many}", "included")
    for part, setting in zip((found[3], found[4]), NOUNS, strict=True):
        w.counted(part, len(e.studies(setting)), *NOUNS[setting], f"included, {setting}")


def designs(text: str, e: Edition) -> None:
    """How many studies of each design, by setting."""
    parts = w.read(r"(.+)\.", w.plain(text), "designs")[1].split("; ")
    w.same(len(parts), len(NOUNS), "designs, settings")
    for part, (setting, (_, many)) in zip(parts, NOUNS.items(), strict=True):
        expected = Counter(row["design"] for row in e.studies(setting))
        part = part[0].lower() + part[1:]
        if not expected:
            w.same(part, f"there are no {many}", "designs")
            continue
        told = w.read(rf"of the {many}, (.+)", part, "designs")[1]
        w.listed(told, [f"{w.spelled(n)} {'is' if n == 1 else 'are'} {design}"
                        for design, n in expected.items()], f"designs, {setting}")


def naive(text: str, e: Edition) -> None:
    """Response of naive and of retreated patients, report by report."""
    rows = [row for row in reported(e.outcomes) if row["outcome"] == "orr"]
    pairs: dict[tuple[str, str], tuple[list[Row], list[Row]]] = {}
    for row in rows:
        key = (row["study_id"], row["report_id"])
        if row["use"] == "comparator" and row["exposure"] == "naive":
            pairs.setdefault(key, ([], []))[1].append(row)
        elif row["use"] == "synthesis":
            pairs.setdefault(key, ([], []))[0].append(row)
    both = [pair for pair in pairs.values() if pair[0] and pair[1]]
    if not both:
        w.same(text, "No study compares retreated with naive patients.", "naive")
        return
    found = w.read(r"(.+?) (compares?) retreated with naive patients\. (.+)", w.plain(text),
                   "naive")
    studies = len({pair[0][0]["study_id"] for pair in both})
    w.counted(w.start(found[1]), studies, "study", "studies", "naive, studies")
    w.same(found[2], "compares" if studies == 1 else "compare", "naive, verb")
    told = re.split(r"(?<=\.) (?=In )", found[3])
    w.same(len(told), len(both), "naive, comparisons")
    for part, (again, first) in zip(told, sorted(both, key=lambda pair: rows.index(
            pair[1][0])), strict=True):
        cite = f" [@{first[0]['cite']}]" if first[0]["cite"] else ""
        name = re.escape(first[0]["study"])
        if not valued(again) and not valued(first):
            w.same(part, f"In {first[0]['study']}, neither rate is known here{cite}.", "naive")
            continue
        one = w.read(rf"In {name}, ORR was (.+) after retreatment and (.+) in naive patients"
                     rf"{re.escape(cite)}\.", part, "naive")
        _rates(one[1], again, f"naive, {first[0]['study']}, retreated")
        _rates(one[2], first, f"naive, {first[0]['study']}, naive")


def _rates(text: str, rows: list[Row], what: str) -> None:
    known = valued(rows)
    if not known:
        w.same(text, "a rate that is not known", what)
        return
    found = w.read(rf"(.+?)(?: \(and ({w.COUNT}) not known\))?", text, what)
    missing = len(rows) - len(known)
    w.same(found[2], w.spelled(missing) if missing else None, f"{what}, not known")
    shown = re.split(r", | and ", found[1])
    w.same(len(shown), len(known), f"{what}, rates")
    for one, row in zip(shown, known, strict=True):
        w.amount(one, row["value"], "percent", what)


def availability(text: str, e: Edition) -> None:
    """Real-world studies with all main outcomes, and with none."""
    found = w.read(r"(.+?) (reports?) PFS, OS and ORR(?:; (.+) (reports?) none of them)?\.",
                   w.plain(text), "availability")
    having = [{row["study_id"] for row in reported(e.groups(outcome, "rwe"))} for outcome in MAIN]
    studies = e.studies("rwe")
    every = [one for one in studies if all(one["study_id"] in part for part in having)]
    silent = [one["label"] for one in studies
              if not any(one["study_id"] in part for part in having)]
    w.share(w.start(found[1]), len(every), len(studies), *NOUNS["rwe"], "availability, all")
    w.same(found[2], w.verb(len(every)), "availability, verb")
    w.same(found[3] is not None, bool(silent), "availability, names")
    if silent:
        w.listed(found[3], silent, "availability, names")
        w.same(found[4], w.verb(len(silent)), "availability, verb")


def characteristic(text: str, e: Edition, name: str, setting: str) -> None:
    """The range of medians over studies, who sets its ends, and the studies outside it by why."""
    label, unit = MEASURES[name]
    text, what, (one, many) = w.plain(text), f"{name} in {setting}", NOUNS[setting]
    studies, rows = e.studies(setting), e.traits(name, setting)
    if not studies:
        w.same(text, f"{label}: no {one} is included.", what)
        return
    values = [row for row in rows if state(row) == "value" and row["statistic"] == "median"]
    found = w.read(rf"{label} (?:is known for (?P<none>[^;(]+?)|(?P<verb>was|ran from) "
                   rf"(?P<low>{w.AMOUNT}) \((?P<lows>.+?)\)(?: to (?P<high>{w.AMOUNT}) "
                   r"\((?P<highs>[^;]+?)\))? in (?P<of>[^;(]+?))(?P<others>; .+)?\.", text, what)
    known = {row["study_id"] for row in values}
    w.share(found["of"] or found["none"], len(known), len(studies), one, many,
            f"{what}, studies")
    w.same(found["verb"] is not None, bool(values), f"{what}, range told")
    if values:
        ends = (min(float(row["value"]) for row in values),
                max(float(row["value"]) for row in values))
        w.same(found["verb"], "was" if ends[0] == ends[1] else "ran from", what)
        w.same(found["high"] is None, ends[0] == ends[1], f"{what}, two ends")
        for end, value in zip(("low", "high"), ends, strict=True):
            if found[end]:
                owners = [e.study[row["study_id"]]["label"] for row in values
                          if float(row["value"]) == value]
                w.amount(found[end], str(value), unit, f"{what}, {end}")
                w.listed(found[f"{end}s"], list(dict.fromkeys(owners)), f"{what}, {end}")
    left = [one for one in studies if one["study_id"] not in known]
    _outside((found["others"] or "").removeprefix("; "), left, rows, what)


def _outside(text: str, left: list[Row], rows: list[Row], what: str) -> None:
    """The studies without a median: each under what its rows say, limits with their print."""
    groups: dict[str, list[str]] = {}
    for study in left:
        own = [row for row in rows if row["study_id"] == study["study_id"]]
        states = {("other" if state(row) == "value" else state(row)): row for row in own[::-1]}
        kind = next((kind for kind in WITHOUT if kind in states), NOT_REPORTED)
        name = study["label"]
        if kind == LIMITS:
            name += f" ({_bound(states[kind])})"
        groups.setdefault(kind, []).append(name)
    for part in text.split("; ") if text else []:
        for kind, pattern in WITHOUT.items():
            if found := re.fullmatch(pattern, part):
                w.listed(found[1], groups.pop(kind, []), f"{what}, {kind}")
                break
        else:
            found = w.read(rf"({w.COUNT} stud(?:y|ies)) reports? none \((.+)\)", part, what)
            silent = groups.pop(NOT_REPORTED, [])
            w.counted(found[1], len(silent), "study", "studies", f"{what}, none")
            w.listed(found[2], silent, f"{what}, none")
    w.same(groups, {}, f"{what}, studies that are not told")


def _bound(row: Row) -> str:
    low, high = (f"{float(row[name]):g}" if row[name] else "" for name in ("bound_low",
                                                                           "bound_high"))
    if low and high:
        return f"{low} to {high} {row['unit']}"
    unit = row["unit"].removesuffix("s") if float(low or high) == 1 else row["unit"]
    return f"at most {high} {unit}" if high else f"more than {low} {unit}"


# --- the edition and its search -----------------------------------------------------------------


def own_search(text: str, e: Edition) -> None:
    """What a later edition's search covered and gave, from its own rows."""
    text = w.plain(text)
    if e.published:
        w.same(text, "No later search belongs to this edition.", "own search")
        return
    name = re.escape(e.row["name"])
    found = w.read(
        rf"(?:The search of {name} covered (?P<covered>.+)|{name} states no source of its search; "
        r"it was searched to (?P<to>\d+ \w+ \d{4}))\. (?:Its flow of records: (?P<flow>.+)|"
        rf"How many records it gave is not stated)\. It added (?P<reports>{w.COUNT} reports?) and "
        rf"(?P<studies>{w.COUNT} stud(?:y|ies))\.", text, "own search")
    rows = [row for row in e.tables["search"] if row["edition_id"] == e.key]
    if rows:
        _covered(found["covered"] or "", rows, e)
    else:
        w.same(found["to"], _day(e.row["search_to"]), "own search, day")
    boxes = [f"{row['label']} {int(row['n']):,}" for row in e.tables["flow"]
             if row["edition_id"] == e.key and row["n"]]
    w.same((found["flow"] or "").split("; ") if found["flow"] else [], boxes, "own search, flow")
    w.counted(found["reports"], len(new_rows(e, "reports", "citekey")), "report", "reports",
              "own search, new reports")
    w.counted(found["studies"], len(new_rows(e, "studies", "study_id")), "study", "studies",
              "own search, new studies")


def new_rows(e: Edition, table: str, identity: str) -> list[Row]:
    """Rows that an edition added, without those that only took the place of a row."""
    before = {row[identity] for row in (e.of(table, e.before) if e.before else [])}
    return [row for row in e.tables[table] if row[identity] not in before]


def _covered(text: str, rows: list[Row], e: Edition) -> None:
    told = text.split("; ")
    days: dict[str, list[str]] = {}
    for row in rows:
        if row["type"] == "database":
            days.setdefault(row["to_date"], []).append(row["name"])
    for day, names in days.items():
        part = w.read(r"(.+) to (\d+ \w+ \d{4}|a day that is not stated)", told.pop(0), "search")
        w.same(part[2], _day(day) if day else "a day that is not stated", "search, day")
        w.listed(part[1], names, "search, databases")
    if not rows:
        w.same(told.pop(0), f"to {_day(e.row['search_to'])}, with no source stated", "search")
    congresses = [row for row in rows if row["type"] == "conference"]
    if congresses:
        part = w.read(rf"({w.COUNT} conferences?) (.+)", told.pop(0), "search")
        w.counted(part[1], len(congresses), "conference", "conferences", "search")
        first = [int(row["from_year"]) for row in congresses if row["from_year"]]
        last = [int(row["to_year"]) for row in congresses if row["to_year"]]
        years = f"of {min(first)} to {max(last)}" if first and last and \
            min(first) != max(last) else f"of {max(last)}" if last else ""
        w.same(part[2], f"to {_day(e.row['conferences_to'])}" if e.row["conferences_to"] else
               f"{years} (days not stated)".strip(), "search, conferences")
    others = [row for row in rows if row["type"] in ("registry", "reference list")]
    w.same(len(told), len(others), "search, other sources")
    for part, row in zip(told, others, strict=True):
        until = f"to {_day(row['to_date'])}" if row["to_date"] else "day not stated"
        w.same(part.lower(), f"{row['name']} ({until})".lower(), "search, other source")


def status_line(text: str, e: Edition) -> None:
    """Edition, days, sources and state; what changed is held against the rows by kind and table."""
    found = w.read(r"- \*\*Edition:\*\* (.+), (released on [\w ]+|release date not known)\.\n"
                   r"- \*\*Searched:\*\* (.+)\.\n- \*\*Age of the search:\*\* (.+)\.\n"
                   r"- \*\*Next search due:\*\* (.+)\.\n"
                   r"- \*\*Living status:\*\* (.+)\.\n- \*\*Since the edition before:\*\* (.+)\.\n",
                   text, "status line")
    w.same(w.plain(found[1]), e.row["name"], "status line, name")
    day = e.row["released_on"]
    w.same(found[2], f"released on {_day(day)}" if day else "release date not known", "status line")
    _covered(w.plain(found[3]), [row for row in e.tables["search"] if row["edition_id"] == e.key],
             e)
    days = (datetime.date.fromisoformat(day)
            - datetime.date.fromisoformat(e.row["search_to"])).days if day else None
    expected = "not known, because the release date is not" if days is None else \
        "released on the day to which it was searched" if days == 0 else \
        f"{w.spelled(days)} {'day' if days < 2 else 'days'} from the last day of the database " \
        "search to the release"
    w.same(found[4], expected, "status line, age")
    due = e.row.get("next_search_due", "")
    w.same(found[5], _day(due) if due else "no date is stated", "status line, next search")
    w.same(found[6], _living(e.row, day, due), "status line, status")


def _living(row: Row, released: str, due: str) -> str:
    """Overdue or not on the day of release; what the row says of an edition that is not current."""
    if row["status"] != "current":
        return row["status"]
    if not due:
        return "no next search is scheduled"
    if not released:
        return "not known, because the release date is not"
    left = (datetime.date.fromisoformat(due) - datetime.date.fromisoformat(released)).days
    if left == 0:
        return f"on schedule on {_day(released)}, the day on which the next search is due"
    days = f"{w.spelled(abs(left))} {'day' if abs(left) < 2 else 'days'}"
    return f"overdue on {_day(released)}, by {days}" if left < 0 else \
        f"on schedule on {_day(released)}, with {days} to the next search"


def _day(iso: str) -> str:
    """A day as the page has to write it."""
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"


def how_to_cite(text: str, e: Edition) -> None:
    """The edition's own citation, and the article's beside it."""
    quoted = re.findall(r"^> (.+)$", w.plain(text), re.M)
    article = next(row for row in e.every["editions"] if row["type"] == "published")
    own = [e.row["citation"]]
    w.same(quoted, own if e.published else [*own, article["citation"]], "how to cite")


def not_published(text: str, e: Edition) -> None:
    """The values that were not transcribed, with what is known of each."""
    rows = [row for row in e.outcomes if row["status"] == NOT_TRANSCRIBED
            and row["use"] != "context"]
    if not rows:
        w.same(text, "Every value of this edition is transcribed.", "not published")
        return
    names = {"pfs": "PFS", "os": "OS", "orr": "ORR", "cr_or_better": "CR or better",
             "vgpr_or_better": "VGPR or better", "time_to_retreatment": "time to retreatment"}
    expected = Counter((row["study"], row["arm"], names[row["outcome"]], _known(row),
                        row["locator"]) for row in rows)
    lines = [tuple(map(w.plain, w.cells(line))) for line in text.splitlines()[2:]]
    w.same(Counter(lines), expected, "not published")


def _known(row: Row) -> str:
    unit = "%" if row["unit"] == "percent" else " months"
    low, high = (f"{float(row[name]):g}" if row[name] else "" for name in ("bound_low",
                                                                           "bound_high"))
    if low and high:
        return f"{low}{unit} alone" if low == high else f"{low} to {high}{unit}"
    return f"at least {low}{unit}" if low else f"at most {high}{unit}" if high else "none"


CHECKS: dict[str, Callable[[str, Edition], None]] = {
    "tell included": included, "tell designs": designs, "tell naive-comparisons": naive,
    "tell availability": availability, "own search": own_search, "status line": status_line,
    "how to cite": how_to_cite, "not published": not_published,
    **{f"range {name} {setting}": lambda text, e, name=name, setting=setting: characteristic(
        text, e, name, setting) for name in MEASURES for setting in NOUNS},
}
