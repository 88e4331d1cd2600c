"""The sentences on one outcome in one setting, read and held against the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import words as w
from reading import (
    LABELS,
    LIMITS,
    MAIN,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_REPORTED,
    NOT_TRANSCRIBED,
    NOUNS,
    Edition,
    Row,
    extremes,
    reported,
    valued,
)

PARAGRAPHS = [*((outcome, setting) for setting in NOUNS for outcome in MAIN),
              ("cr_or_better", "rwe")]
WITHOUT = {NOT_REACHED: "It was not reached in", NOT_ESTIMABLE: "It could not be estimated in",
           NOT_TRANSCRIBED: "It is reported and not transcribed for",
           NOT_REPORTED: "It is not reported for"}
INSIDE = {outcome: label.replace("Median", "median") for outcome, label in LABELS.items()}
PARAGRAPH = (
    r"(?P<reported>.+? reports? .+?)\. "
    r"(?P<values>No value is known|One value is known: .+?|(?:In all, )?[\w,]+ values are known"
    r".+?)\."
    rf"(?: For (?P<limited>{w.COUNT} groups?) only limits are known: (?P<limits>.+?)\.)?"
    + "".join(rf"(?: {start} (?P<n{place}>{w.COUNT} groups?) \((?P<of{place}>.+?)\)\.)?"
              for place, start in enumerate(WITHOUT.values())))


def paragraph(text: str, e: Edition, outcome: str, setting: str) -> None:
    """Everything that a paragraph says: how many report, sizes, ends with their owners, and the
    groups without a value by why."""
    text, rows = w.plain(text), e.groups(outcome, setting)
    known, what = reported(rows), f"{outcome} in {setting}"
    if not known:
        found = w.read(rf"{LABELS[outcome]} is reported for (.+)\.", text, what)
        _of_studies(found[1], e, rows, setting, what)
        return
    found = w.read(PARAGRAPH, text, what)
    _reported(found["reported"], e, rows, outcome, setting, what)
    _values(found["values"], rows, what)
    limited = [row for row in rows if row["state"] == LIMITS]
    if limited:
        w.same(bool(found["limits"]), True, f"{what}, limits told")
        w.counted(found["limited"], len(limited), "group", "groups", f"{what}, groups with limits")
        _limits(found["limits"], limited, f"{what}, limits")
    else:
        w.same(found["limits"], None, f"{what}, limits")
    for place, state in enumerate(WITHOUT):
        without = [row for row in rows if row["state"] == state]
        w.same(bool(found[f"n{place}"]), bool(without), f"{what}, {state} told")
        if without:
            w.counted(found[f"n{place}"], len(without), "group", "groups", f"{what}, {state}")
            w.listed(found[f"of{place}"], studies_of(without), f"{what}, {state}")


def _of_studies(text: str, e: Edition, rows: list[Row], setting: str, what: str) -> None:
    one, many = NOUNS[setting]
    whole = len(e.studies(setting))
    if not whole:
        w.same(text, f"no {one}, as none is included", what)
        return
    part = len({row["study_id"] for row in reported(rows)})
    w.share(text, part, whole, one, many, f"{what}, studies that report")


def _reported(text: str, e: Edition, rows: list[Row], outcome: str, setting: str,
              what: str) -> None:
    known = reported(rows)
    found = w.read(
        rf"(?P<of>.+?) (?P<verb>reports?) {INSIDE[outcome]}, in (?P<n>{w.COUNT} groups?)"
        rf"(?: of (?P<low>[\d,]+)(?: to (?P<high>[\d,]+))? (?P<noun>patients?)"
        rf"(?: \(size not stated for (?P<no>{w.COUNT} groups?)\))?"
        r"|(?P<none> whose sizes are not stated| whose size is not stated))", text, what)
    _of_studies(w.start(found["of"]), e, rows, setting, what)
    w.same(found["verb"], w.verb(len({row["study_id"] for row in known})), f"{what}, verb")
    w.counted(found["n"], len(known), "group", "groups", f"{what}, groups")
    sizes = [int(row["n_total"]) for row in known if row["n_total"]]
    w.same(found["none"] is None, bool(sizes), f"{what}, sizes stated")
    if sizes:
        shown = [int(end.replace(",", "")) for end in (found["low"], found["high"]) if end]
        w.same(shown, sorted({min(sizes), max(sizes)}), f"{what}, sizes")
        w.same(found["noun"], "patient" if max(sizes) == 1 else "patients", f"{what}, sizes")
        missing = len(known) - len(sizes)
        w.same(found["no"] is not None, missing > 0, f"{what}, sizes not stated")
        if missing:
            w.counted(found["no"], missing, "group", "groups", f"{what}, sizes not stated")
    else:
        w.same("are" in found["none"], len(known) > 1, f"{what}, singular or plural")


def _values(text: str, rows: list[Row], what: str) -> None:
    known = valued(rows)
    if not known:
        w.same(text, "No value is known", what)
        return
    low, high = extremes(known)
    if len(known) == 1:
        _owned(w.read(r"One value is known: (.+)", text, what)[1], low, rows, what)
        return
    number, rest = w.read(r"((?:In all, )?[\w,]+) values are known(.+)", text, what).groups()
    w.same(w.start(number), w.spelled(len(known)), f"{what}, values")
    if low[0] is high[0] or float(low[0]["value"]) == float(high[0]["value"]):
        _owned(w.read(r", all of them (.+)", rest, what)[1], low, rows, what)
        return
    found = w.read(r"\. The lowest is (.+)\. The highest is (.+)", rest, what)
    _owned(found[1], low, rows, f"{what}, lowest")
    _owned(found[2], high, rows, f"{what}, highest")


def _owned(text: str, owners: list[Row], rows: list[Row], what: str) -> None:
    """A value with all its owners, and nothing of anybody else."""
    found = w.read(rf"({w.AMOUNT}) (in .+)", text, what)
    w.amount(found[1], owners[0]["value"], owners[0]["unit"], what)
    left, remaining = found[2], list(owners)
    while left:
        if more := re.fullmatch(r"([\d,]+) more", left):
            w.same(int(more[1].replace(",", "")), len(remaining), f"{what}, owners not shown")
            w.same(len(owners) - len(remaining), w.SHOWN, f"{what}, owners shown")
            return
        for row in remaining:
            if owner := re.match(_owner_pattern(row, rows), left):
                _owner_numbers(owner, row, f"{what}, {row['study']}")
                left = left[owner.end():]
                remaining.remove(row)
                break
        else:
            raise w.Differs(f"{what}: no owner by the rows: {left!r}")
    w.same([row["study"] for row in remaining], [], f"{what}, owners that are missing")


def _owner_pattern(row: Row, rows: list[Row]) -> str:
    several = sum(other["study_id"] == row["study_id"] for other in rows) > 1
    parts = [re.escape(row["design"])]
    if several:
        parts.append(f"group “{re.escape(row['arm'])}”")
    if row["ci_status"] == "value":
        parts.append(rf"(?P<level>{w.NUMBER})% CI (?P<low>{w.NUMBER}) to "
                     rf"(?P<high>{w.NUMBER}|not reached|not estimable|not reported)")
    if row["n_total"]:
        counted = r"(?P<n>[\d,]+) of " if row["n"] and w.of_the_count(row) else ""
        parts.append(counted + r"(?P<total>[\d,]+) "
                     + ("patient" if row["n_total"] == "1" else "patients"))
    cite = rf" \[@{re.escape(row['cite'])}\]" if row["cite"] else ""
    return (rf"in {re.escape(row['study'])} \({'; '.join(parts)}\){cite}"
            r"(?:$|, (?=in )| and (?=in |\d))")


def _owner_numbers(found: re.Match[str], row: Row, what: str) -> None:
    shown = found.groupdict()
    if "level" in shown:
        w.number(shown["level"], row["ci_level"], f"{what}, level")
        w.same((shown["low"], shown["high"]), w.interval_ends(row), f"{what}, limits")
    for name, column in (("n", "n"), ("total", "n_total")):
        if name in shown:
            w.same(int(shown[name].replace(",", "")), int(row[column]), f"{what}, {column}")


def studies_of(rows: list[Row]) -> list[str]:
    """Studies as a list names them, with how many groups where a study has several."""
    counts = Counter(row["study"] for row in rows)
    return [study if n == 1 else f"{w.spelled(n)} groups of {study}"
            for study, n in counts.items()]


def _limits(text: str, rows: list[Row], what: str) -> None:
    expected: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        ends = tuple(f"{float(row[name]):g}" if row[name] else ""
                     for name in ("bound_low", "bound_high"))
        expected.setdefault(ends, []).append(row)
    parts = text.split("; ")
    w.same(len(parts), len(expected), f"{what}, how many")
    for part, ((low, high), of) in zip(parts, expected.items(), strict=True):
        found = w.read(rf"(?:at (?P<only>most|least) (?P<one>{w.AMOUNT})|"
                       rf"(?P<alone>{w.AMOUNT}), the one value that fits,|"
                       rf"between (?P<low>{w.NUMBER}) and (?P<high>{w.AMOUNT})) "
                       r"for (?P<of>.+)", part, what)
        w.same(found["alone"] is not None, low == high, f"{what}, one value left")
        if low == high:
            w.amount(found["alone"], low, of[0]["unit"], what)
        elif low and high:
            w.same(found["low"] is not None, True, f"{what}, both limits")
            w.number(found["low"], low, what, 4)
            w.same(float(w.read(rf"({w.NUMBER}).+", found["high"], what)[1]), float(high), what)
        else:
            w.same(found["only"], "most" if high else "least", what)
            w.amount(found["one"], high or low, of[0]["unit"], what)
        w.listed(found["of"], studies_of(of), what)


def abstract(text: str, e: Edition) -> None:
    """The ranges of the three main outcomes in both settings."""
    found = w.read(r"In the clinical trials, (?P<clinical>.+)\. In the real-world studies, "
                   r"(?P<rwe>.+)\.", w.plain(text), "abstract")
    for setting in NOUNS:
        parts = re.split(r"\. (?=[A-Z])", found[setting])
        w.same(len(parts), len(MAIN), f"abstract, {setting}, outcomes")
        for outcome, part in zip(MAIN, parts, strict=True):
            label = LABELS[outcome] if part is not parts[0] else INSIDE[outcome]
            _short(w.read(rf"{label} (.+)", part, "abstract")[1], e.groups(outcome, setting),
                   f"abstract, {outcome} in {setting}")


def _short(text: str, rows: list[Row], what: str) -> None:
    groups, known = len(reported(rows)), valued(rows)
    if not groups:
        w.same(text, "is not reported", what)
    elif not known:
        found = w.read(rf"is reported for ({w.COUNT} groups?) and known for none", text, what)
        w.counted(found[1], groups, "group", "groups", what)
    else:
        low, high = extremes(known)
        found = w.read(rf"(?:was|ranged from) ({w.AMOUNT}) \((.+?)\)(?: to ({w.AMOUNT}) \((.+?)\))?"
                       r", known for (.+)", text, what)
        w.amount(found[1], low[0]["value"], low[0]["unit"], f"{what}, lowest")
        w.listed(found[2], studies_of(low), f"{what}, lowest")
        w.same(found[3] is None, float(low[0]["value"]) == float(high[0]["value"]), what)
        if found[3]:
            w.amount(found[3], high[0]["value"], high[0]["unit"], f"{what}, highest")
            w.listed(found[4], studies_of(high), f"{what}, highest")
        w.share(found[5], len(known), groups, "group", "groups", f"{what}, known")


CHECKS: dict[str, Callable[[str, Edition], None]] = {
    **{f"outcome {outcome} {setting}":
       lambda text, e, outcome=outcome, setting=setting: paragraph(text, e, outcome, setting)
       for outcome, setting in PARAGRAPHS},
    "tell abstract-outcomes": abstract,
}
