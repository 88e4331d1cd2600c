"""What an edition says of the steps to it: counts, rows that came and went, quantities and
sentences that differ, each recomputed for both editions of a step."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

import study_text
import words as w
from reading import (
    LABELS,
    LIMITS,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_TRANSCRIBED,
    NOUNS,
    VALUE,
    Edition,
    Row,
    state,
)
from synthesis import gates, listed, pairs
from synthesis_parts import prose

SYNTHESISED = {**LABELS, "vgpr_or_better": "VGPR or better",
               "time_to_retreatment": "Median time to retreatment"}
MEASURES = {"follow_up": "Median follow-up", "prior_lines": "The median number of prior lines"}
REPORTED = (VALUE, LIMITS, NOT_REACHED, NOT_ESTIMABLE, NOT_TRANSCRIBED)
POOLED = ": pooled rate"
RATE = "*"  # a rate by a fit, which another test recomputes
LINES = 40  # a table names so many rows, and counts the rest
COUNTS = (("Search to", "search_to"), ("Records from databases", "records"),
          ("Reports", "reports"), ("Studies", "studies"), ("Clinical trials", "clinical"),
          ("Real-world studies", "rwe"))
# change -> whether the row before and the row after stand in a line
SIDES = {"added": (False, True), "superseded": (True, False), "retracted": (True, False),
         "corrected": (True, True), "updated": (True, True), "carried over": (True, True)}


def changed(text: str, e: Edition, say: dict[str, str]) -> None:
    """Every step to an edition, newest first. say: the headline sentences of the edition."""
    steps = re.split(r"^### ", text, flags=re.M)[1:]
    key: str | None = e.key
    for place, step in enumerate(steps):
        new = Edition(e.folder, key) if key != e.key else e
        if new.before is None:
            _by_counts(step, new)
            break
        _step(step, new, Edition(e.folder, new.before), say if place == 0 else None)
        key = new.before
    else:
        raise w.Differs("history: the step to the published edition is missing")


def _by_counts(text: str, new: Edition) -> None:
    """The step from an edition that carries no rows: what both state."""
    old = max((row for row in new.every["editions"]
               if int(row["position"]) < int(new.row["position"])),
              key=lambda row: int(row["position"]))
    (_, *lines), = _tables(text)
    expected = [(name, old[column] or "not stated", new.row[column] or "not stated")
                for name, column in COUNTS]
    w.same(lines, expected, f"history, {new.key}, counts")


def _step(text: str, new: Edition, old: Edition, say: dict[str, str] | None) -> None:
    what = f"history, {new.key}"
    w.same(w.plain(text.partition(" {#")[0]), f"{new.row['name']}, against {old.row['name']}", what)
    tables = {head[0]: lines for head, *lines in _tables(text)}
    counts = [(name, _count(old, column), _count(new, column)) for name, column in COUNTS]
    w.same(tables["Count"], counts, f"{what}, counts")
    _moved(text, tables.get("Change", []), new, old, what)
    before = dict(quantities(old))
    expected = [(name, before[name], value) for name, value in quantities(new)
                if value != before[name]]
    lines = [line[:3] for line in tables.get("What", [])]
    shown = [line for line in lines if not line[0].endswith(POOLED)]
    if len(lines) < LINES:
        _pooled([line for line in lines if line[0].endswith(POOLED)], new, old, what)
    else:
        expected = expected[:len(shown)]
    for line, other in zip_longest(shown, expected):
        w.same(line, other, f"{what}, quantities")
    if say is not None:
        for sentence in re.findall(r"^    - New: (.+)$", text, re.M):
            if sentence not in say.values():
                raise w.Differs(f"{what}: a new sentence is none of the page: {sentence!r}")


def _pooled(shown: list[tuple[str, ...]], new: Edition, old: Edition, what: str) -> None:
    """The gate of each stratum, as `synthesis.gates` has it; a pooled rate is held there."""
    then, now = (dict(_gates(e)) for e in (old, new))
    for name, *values in shown:
        stratum = name.removesuffix(POOLED)
        for value, gate in zip(values, (then.get(stratum, "no group"),
                                        now.get(stratum, "no group")), strict=True):
            if value != gate and not (gate == RATE and re.match(r"\d|none: ", value)):
                raise w.Differs(f"{what}: {name} is told as {value!r}, the rows give {gate!r}")
    told = {name.removesuffix(POOLED) for name, *_ in shown}
    missing = [name for name in {*then, *now} - told if then.get(name) != now.get(name)]
    w.same(missing, [], f"{what}, gates that differ")


def _gates(e: Edition) -> Iterator[tuple[str, str]]:
    nouns = {many[:1].upper() + many[1:]: many for _, many in NOUNS.values()}
    for setting, design, _, _, gate, rate, _ in gates(e):
        yield (f"ORR in {nouns[setting]}, {design}",
               RATE if rate == RATE else f"not shown, gate {gate}")


def _count(e: Edition, column: str) -> str:
    found = {"search_to": e.row["search_to"], "records": e.row["records"],
             "reports": str(len(e.tables["reports"])), "studies": str(len(e.studies())),
             **{setting: str(len(e.studies(setting))) for setting in NOUNS}}[column]
    return found or "not stated"


def _moved(text: str, lines: list[tuple[str, ...]], new: Edition, old: Edition,
           what: str) -> None:
    """Every row that is in one of the two editions alone, on its side of one line of its table."""
    more = re.search(r"^And ([\d,]+) more, which", text.partition("These counts")[0], re.M)
    came, left = Counter[str](), Counter[str]()
    for table, rows in new.every.items():
        if rows and "edition_added" in rows[0]:
            keys = [{next(iter(row.values())) for row in e.of(table, e.key)} for e in (old, new)]
            left[table], came[table] = len(keys[0] - keys[1]), len(keys[1] - keys[0])
    told = re.search(r"Kind of update: \*\*.+?\*\*\. (.+)\.$", text, re.M)
    counts: Counter[tuple[str, str]] = Counter()
    waiting: Counter[str] = Counter()
    for n, noun, change in re.findall(
            rf"({w.COUNT}) ({'|'.join(NOUN_TABLES)})\b|\b({'|'.join(SIDES)})\b",
            w.start(told[1]) if told else ""):
        if noun:
            waiting[NOUN_TABLES[noun]] += w.count(n)
        else:
            counts.update({(change, table): total for table, total in waiting.items()})
            waiting.clear()
    for place, whole, side in ((1, came, "came"), (0, left, "left")):
        sums = Counter[str]()
        for (change, table), n in counts.items():
            sums[table] += n if SIDES[change][place] else 0
        w.same(+sums, +whole, f"{what}, rows that {side}")
    total = len(lines) + (w.count(more[1]) if more else 0)
    w.same(total, sum(counts.values()), f"{what}, rows told")
    by_kind = Counter((line[0], line[1]) for line in lines)
    if by_kind - counts or (not more and by_kind != counts):
        raise w.Differs(f"{what}: lines {by_kind} and sentence {counts}")
    for line in lines:
        if line[1] in ("outcomes", "characteristics"):
            _about(line, new, old, what)


NOUN_TABLES = {noun: table for table, nouns in {
    "studies": ("study", "studies"), "reports": ("report", "reports"),
    "arms": ("group", "groups"), "outcomes": ("outcome value", "outcome values"),
    "characteristics": ("characteristic", "characteristics"),
    "quality": ("appraisal", "appraisals")}.items() for noun in sorted(nouns, key=len)[::-1]}


def _about(line: tuple[str, ...], new: Edition, old: Edition, what: str) -> None:
    """A line of a result or characteristic names a row, and its value is the one of that row."""
    change, table, study, about, *values = line
    for e, value, there in zip((old, new), values, SIDES[change], strict=True):
        if not there:
            w.same(value, "–", f"{what}, {study}, {about}")
        elif value not in (held := {_held(row) for row in _named(e, table, study, about)}):
            raise w.Differs(f"{what}: {study}, {about} is said to be {value!r}; the rows of "
                            f"{e.key} hold {sorted(held)}")


def _named(e: Edition, table: str, study: str, about: str) -> Iterator[Row]:
    for row in e.tables[table]:
        of = e.arm[row["arm_id"]]["study_id"] if table == "outcomes" else row["study_id"]
        if table == "outcomes":
            name = f"{study_text.measured(row)}, {e.arm[row['arm_id']]['label']}"
        else:
            name = row["characteristic"].replace("_", " ")
            name += f", {row['detail']}" if row["detail"] else ""
        if e.study[of]["label"] == study and " ".join(name.split()) == about:
            yield row


def _held(row: Row) -> str:
    """Value, limits or status of a row in the short form of a list of changes."""
    unit = "%" if row["unit"] == "percent" else f" {row['unit']}" if row["unit"] else ""
    if row["status"] == "value":
        printed = w.pointed(row["printed"]) or row["value"]
        try:
            printed = printed if float(printed) == float(row["value"]) else row["value"]
        except ValueError:
            return printed  # with words or a unit of its own
        return f"{_short(printed, row)}{unit}"
    low, high = row["bound_low"], row["bound_high"]
    if not (low and high):
        return row["status"]
    return f"{row['status']}, between {float(low)} and {float(high)}{unit}"


def _short(printed: str, row: Row) -> str:
    return printed if row["printed"] else f"{float(printed)}"


def quantities(e: Edition) -> Iterator[tuple[str, str]]:
    """Every quantity of an edition by its words, in the order of the page."""
    yield "Included studies", f"{len(e.studies()):,}"
    yield "Included reports", f"{len(e.tables['reports']):,}"
    for outcome, label in SYNTHESISED.items():
        for setting, (_, nouns) in NOUNS.items():
            rows = [row for row in e.groups(outcome, setting) if row["state"] in REPORTED]
            studies = {row["study_id"] for row in rows}
            values = [row for row in rows if row["state"] == VALUE]
            where = f"{label} in {nouns}"
            yield (f"{where}: studies that report it",
                   f"{len(studies)} of {len(e.studies(setting))}")
            yield f"{where}: groups with a known value", f"{len(values)} of {len(rows)}"
            yield f"{where}: known range", _range(values)
            yield f"{where}: not reached", _names(
                row for row in rows if row["state"] == NOT_REACHED)
    for code, label in MEASURES.items():
        for setting, (_, nouns) in NOUNS.items():
            values = [{**row, "study": e.study[row["study_id"]]["label"]}
                      for row in e.traits(code, setting)
                      if state(row) == VALUE and row["statistic"] == "median"]
            yield f"{label} in {nouns}: known range", _range(values)
    for outcome in ("pfs", "os", "orr"):
        included = {study["label"] for study in e.studies()}
        found = Counter(study for study, of, _ in pairs(e) if of == outcome and study in included)
        yield (f"{LABELS[outcome].removeprefix('Median ')}: comparisons within studies",
               listed([study if n == 1 else f"{study} ({n})" for study, n in sorted(found.items())])
               or "none")


def _range(rows: list[Row]) -> str:
    if not rows:
        return "none known"
    ends = []
    for value in (min(float(row["value"]) for row in rows), max(float(row["value"])
                                                                for row in rows)):
        owners = [row for row in rows if float(row["value"]) == value]
        ends.append(f"{prose(owners[0])} ({_names(owners)})")
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _names(rows: Iterator[Row] | list[Row]) -> str:
    return listed(sorted({row["study"] for row in rows})) or "none"


def _tables(text: str) -> Iterator[list[tuple[str, ...]]]:
    """The tables of a text: head and lines, cells as plain text."""
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.M):
        lines = [tuple(map(w.plain, w.cells(line))) for line in block.strip().splitlines()]
        yield [lines[0], *lines[2:]]
