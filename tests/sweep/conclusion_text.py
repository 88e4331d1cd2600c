"""The headline sentences, read and held against the rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import refractory_text
import words as w
from reading import (
    LIMITS,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_TRANSCRIBED,
    NOUNS,
    STUDIES,
    VALUE,
    Edition,
    Row,
    extremes,
    usual,
    valued,
)

CEILING = (
    rf"(?P<subject>.+?) is below (?P<limit>{w.AMOUNT}) in (?P<share>.+?)"
    r"(?:; the (?P<verb>exception is|exceptions are) (?P<above>.+?)"
    r"(?:, where the article excepts (?P<excepts>\w+))?)?"
    r"(?:; the highest (?P<top>is|are) (?P<highest>.+?))?"
    r"(?:; it cannot be decided for (?P<open>.+?, where (?:no value is known that would decide it|"
    r"it was not reached)(?= and for |;|\.)(?: and for .+?, where it was not reached)?))?"
    r"(?:; it was not reached in (?P<unreached>.+?))?"
    r"(?:; it could not be estimated in (?P<unestimated>.+?))?\."
    rf"(?: For (?P<bounded>{w.COUNT} groups?) of (?P<decided>{w.COUNT})"
    r"(?P<placed> that can be placed)? only an upper limit is known"
    r"(?P<own>,(?: for (?P<ranged>\w+) of them)? taken from the article's own range)?"
    r"\.)?")


class Against:
    """Groups beside a limit: above it, below it, open, not reached, not to be estimated. reached:
    it is a limit of medians that were reached, so that a longer one is none."""

    def __init__(self, rows: list[Row], limit: float, reached: bool = False):
        self.limit = limit
        self.above, self.below, self.open = [], [], []
        self.unreached, self.unestimated, self.ranged = [], [], []
        for row in rows:
            if row["state"] == NOT_REACHED and reached:
                self.unreached.append(row)
            elif row["state"] == NOT_REACHED:
                longer = row["bound_low"] and float(row["bound_low"]) >= limit
                (self.above if longer else self.open).append(row)
            elif row["state"] == NOT_ESTIMABLE:
                self.unestimated.append(row)
            elif row["state"] in (VALUE, LIMITS, NOT_TRANSCRIBED):
                known = row["state"] == VALUE
                least = row["value"] if known else row["bound_low"]
                most = row["value"] if known else row["bound_high"]
                side = self.above if least and float(least) >= limit else \
                    self.below if most and float(most) < limit else self.open
                side.append(row)
                if side is self.below and not known and held_by_range(row, rows):
                    self.ranged.append(row)

    @property
    def all(self) -> set[str]:
        return {row["study_id"] for row in (*self.above, *self.below, *self.open)}

    @property
    def low(self) -> set[str]:
        return self.all - {row["study_id"] for row in (*self.above, *self.open)}

    def holds(self, excepted: int) -> bool | None:
        above = len({row["study_id"] for row in self.above})
        unsure = len({row["study_id"] for row in self.open})
        if above > excepted or above + unsure < excepted:
            return False
        return None if unsure or self.ranged or not self.all else True


# rows of a panel that run from high to low: the first and the last
HIGH_TO_LOW = {"fig-rwe-pfs": (1, 7), "fig-rwe-os": (1, 6), "fig-rwe-orr": (1, 14)}


def held_by_range(row: Row, rows: list[Row]) -> bool:
    """A row that the article draws without a value that the text gives, where no value above it in
    a panel that runs from high to low is as low as its limit."""
    if not row["figure"] or row["kind"] != "bound":
        return False
    first, last = HIGH_TO_LOW.get(row["figure"], (0, -1))
    own = [int(n) for n in (row["figure_row"] or row["figure_row_options"]).split(";") if n]
    if not own or not first <= min(own) <= last:
        return True
    return not any(
        other["figure"] == row["figure"] and other["state"] == VALUE and other["figure_row"]
        and first <= int(other["figure_row"]) < min(own)
        and float(other["value"]) <= float(row["bound_high"]) for other in rows)


def below(text: str, against: Against, one: str, many: str, what: str) -> None:
    """How many studies stay below; "all but one" only where the one is known to lie above."""
    w.share(text, len(against.low), len(against.all), one, many, what)
    w.same("all but" in text and bool(against.open), False, f"{what}, an exception not shown")


def names(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(row["study"] for row in rows))


def ceiling(text: str, e: Edition, rows: list[Row], claim: str, excepted: int,
            noun: tuple[str, str], what: str) -> None:
    """Which studies stay below the limit, who does not and by what value."""
    against = Against(rows, e.threshold(claim), claim == "DI-05")
    found = w.read(CEILING, w.plain(text), what)
    w.same(float(w.read(rf"({w.NUMBER}).*", found["limit"], what)[1]), against.limit, what)
    below(found["share"], against, *noun, f"{what}, studies below")
    studies = names(against.above)
    w.same(found["verb"], None if not studies else
           "exception is" if len(studies) == 1 else "exceptions are", f"{what}, exceptions told")
    if studies:
        _exceptions(found["above"], against.above, what)
        w.same(found["excepts"], None if len(studies) == excepted else
               w.spelled(excepted) if excepted else "none", f"{what}, excepted by the article")
    known = valued(against.below)
    w.same(found["highest"] is not None, bool(known) and not studies, f"{what}, highest told")
    if found["highest"]:
        top = extremes(known)[1]
        _named(found["highest"], top, f"{what}, highest")
        w.same(found["top"], "is" if len(names(top)) == 1 else "are", f"{what}, highest")
    w.same(found["open"] is not None, bool(against.open), f"{what}, open told")
    if found["open"]:
        undecided(found["open"], against.open, f"{what}, open")
    for part, left in (("unreached", against.unreached),
                       ("unestimated", against.unestimated)):
        w.same(found[part] is not None, bool(left), f"{what}, {part} told")
        if left:
            w.listed(found[part], names(left), f"{what}, {part}")
    bounded = len(against.below) - len(known)
    w.same(found["bounded"] is not None, bounded > 0, f"{what}, limits told")
    if bounded:
        w.counted(found["bounded"], bounded, "group", "groups", f"{what}, limits")
        w.same(found["decided"], w.spelled(len(against.above) + len(against.below)), what)
        w.same(found["placed"] is not None, bool(against.open), f"{what}, groups placed")
        ranged = len(against.ranged)
        w.same(found["own"] is not None, ranged > 0, f"{what}, own range told")
        w.same(found["ranged"], w.spelled(ranged) if 0 < ranged < bounded else None, what)


def undecided(text: str, rows: list[Row], what: str) -> None:
    """Who cannot be placed: for want of a value, or because the median was not reached."""
    reasons = ((NOT_REACHED, "it was not reached"), ("", "no value is known that would decide it"))
    left = text
    for state, reason in reasons:
        part = [row for row in rows if (row["state"] == NOT_REACHED) == bool(state)]
        if part:
            found = w.read(rf"(?:(.+?) and for )?((?:(?! and for ).)+), where {reason}", left, what)
            w.listed(found[2], names(part), what)
            left = found[1] or ""
    w.same(left, "", what)


def _value(text: str, row: Row, what: str) -> None:
    if row["state"] == VALUE:
        w.amount(text, row["value"], row["unit"], what)
        return
    longer = "not reached, "
    w.same(text.startswith(longer), row["state"] == NOT_REACHED, what)
    text = text.removeprefix(longer)
    low, high = row["bound_low"], row["bound_high"]
    found = w.read(rf"(?:at least (?P<least>{w.AMOUNT})|at most (?P<most>{w.AMOUNT})|"
                   rf"(?P<low>{w.NUMBER}) to (?P<high>{w.AMOUNT}))", text, what)
    if low and high:
        w.number(found["low"] or "nan", low, what)
        w.amount(found["high"] or "", high, row["unit"], what)
    else:
        w.amount(found["least" if low else "most"] or "", low or high, row["unit"], what)


def _exceptions(text: str, rows: list[Row], what: str) -> None:
    """Each study once with all its values, each group named where there are several."""
    left = text
    remaining = names(rows)
    while left:
        if more := re.fullmatch(r"([\d,]+) more", left):
            w.same(int(more[1].replace(",", "")), len(remaining), f"{what}, exceptions not shown")
            return
        for study in remaining:
            own = [row for row in rows if row["study"] == study]
            ordered = sorted(own, key=lambda row: -float(row["value"] or -1))
            parts = [r"([^()]+?)" + (rf" in group “{re.escape(row['arm'])}”" if len(own) > 1
                                     else "") for row in ordered]
            joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
            match = re.match(rf"{re.escape(study)} \({joined}\)(?:$|, | and )", left)
            if match:
                for shown, row in zip(match.groups(), ordered, strict=True):
                    _value(shown, row, f"{what}, {study}")
                left = left[match.end():]
                remaining.remove(study)
                break
        else:
            raise w.Differs(f"{what}: no exception by the rows: {left!r}")
    w.same(remaining, [], f"{what}, exceptions that are missing")


def _named(text: str, rows: list[Row], what: str) -> None:
    found = re.findall(rf"\(({w.AMOUNT})\)", text)
    for shown in found:
        w.amount(shown, rows[0]["value"], rows[0]["unit"], what)
    w.listed(re.sub(rf" \({w.AMOUNT}\)", "", text), names(rows), what)


def included_records(text: str, e: Edition) -> None:
    """Every median OS of retreated patients in an included record."""
    text, what = w.plain(text), "os-included-records"
    all_rows = [row for row in e.outcomes if row["outcome"] == "os" and usual(row)
                and row["therapy"] == "retreatment"]
    against, other = (Against([row for row in all_rows if bool(row["time_zero"]) is clock],
                              e.threshold("DI-06"), True) for clock in (False, True))
    under, holds = f"below {against.limit:g} months", against.holds(0)
    if other.above:
        text, _, clocks = text.partition(" Counted from another day, ")
        found = w.read(rf"({w.COUNT} medians?) (is|are) not: (.+)\.", clocks, what)
        w.counted(found[1], len(other.above), "median", "medians", what)
        w.same(found[2], "is" if len(other.above) == 1 else "are", what)
        _gives(found[3], other.above, what)
    if holds:
        shown = Against(e.groups("os", None), e.threshold("DI-05"), True).holds(0)
        start, end = ("The same holds for every", ": all lie") if shown else ("Every", " lies")
        w.same(text, f"{start} median OS of retreated patients that was seen in an included record "
               f"and is counted from retreatment{end} {under}.", what)
    elif holds is None:
        found = w.read(
            "Whether every median OS of retreated patients in the included records that is counted "
            rf"from retreatment lies {re.escape(under)} cannot be decided(?: "
            r"for (.+, where .+))?\.", text, what)
        w.same(found[1] is not None, bool(against.open), what)
        if against.open:
            undecided(found[1], against.open, what)
    else:
        found = w.read(
            "Among the included records themselves, also where the review does not show the value, "
            rf"({w.COUNT} medians?) of retreated patients (is|are) not {re.escape(under)}: (.+)\.",
            text, what)
        n = len(against.above)
        w.counted(found[1], n, "median", "medians", what)
        w.same(found[2], "is" if n == 1 else "are", what)
        _gives(found[3], against.above, what)


def _gives(text: str, rows: list[Row], what: str) -> None:
    left, remaining = text, list(rows)
    while left:
        if more := re.fullmatch(r"([\d,]+) more", left):
            w.same(int(more[1].replace(",", "")), len(remaining), f"{what}, not shown")
            return
        for row in remaining:
            several = sum(other["study"] == row["study"] for other in rows) > 1
            group = rf", group “{re.escape(row['arm'])}”," if several else ""
            clock = rf" \(counted from the {re.escape(row['time_zero'])}\)" if row["time_zero"] \
                else ""
            match = re.match(rf"{re.escape(row['study'])}{group} gives ([^()]+?){clock}"
                             r"(?:$|, (?=\S+.* gives )| and )", left)
            if match and _fits(match[1], row):
                left = left[match.end():]
                remaining.remove(row)
                break
        else:
            raise w.Differs(f"{what}: no median by the rows: {left!r}")
    w.same([row["study"] for row in remaining], [], f"{what}, medians that are missing")


def _fits(text: str, row: Row) -> bool:
    try:
        _value(text, row, "")
    except w.Differs:
        return False
    return True


def benefit(text: str, e: Edition) -> None:
    """The limits taken together, and the ranges of response."""
    what, share = "benefit", e.threshold("R3.5-08")
    trials = Against(e.groups("pfs", "clinical"), e.threshold("DI-03"))
    rwe = Against(e.groups("pfs", "rwe"), e.threshold("DI-04"))
    survival = Against(e.groups("os", None), e.threshold("DI-05"), True)
    refractory = Against([row for row in e.groups("pfs", "rwe") if row["refractory_percent"]
                          and float(row["refractory_percent"]) > share], rwe.limit)
    truths = [trials.holds(excepted(e, "AB-17")), rwe.holds(0), survival.holds(0),
              refractory.holds(0)]
    holds = False if False in truths else None if None in truths else True
    start = {True: "Outcomes vary and benefit is limited, in that the limits that the article "
                   "names hold",
             False: "The article calls the benefit limited, and not all limits that it names hold "
                    "here",
             None: "The article calls the benefit limited, and whether all limits that it names "
                   "hold here cannot be decided"}[holds]
    found = w.read(
        rf"{start}: median PFS is below (?P<l0>{w.AMOUNT}) in (?P<s0>.+?) and below "
        rf"(?P<l1>{w.AMOUNT}) in (?P<s1>.+?), and median OS, where it was reached, is below "
        rf"(?P<l2>{w.AMOUNT}) in (?P<s2>.+?)\. In real-world groups with more than {share:g}% "
        rf"refractory patients, median PFS is below (?P<l3>{w.AMOUNT}) in (?P<s3>.+?)\."
        rf"(?: (?P<ranged>{w.COUNT.replace('(?:', '(?i:', 1)} medians?) of PFS (?P<are>is|are) "
        r"known only as lying inside the article's own range\.)?"
        r"(?: Response rates run from (?P<rates>.+)\.)?", w.plain(text), what)
    for place, (against, noun) in enumerate((
            (trials, NOUNS["clinical"]), (rwe, NOUNS["rwe"]), (survival, STUDIES),
            (refractory, STUDIES))):
        w.amount(found[f"l{place}"], str(against.limit), "months", what)
        told = w.read(r"(.+?)(?: \(not decided for ([\w,]+)\))?", found[f"s{place}"], what)
        below(told[1], against, *noun, f"{what}, {place}")
        unsure = {row["study_id"] for row in against.open} - {
            row["study_id"] for row in against.above}
        w.same(told[2], w.spelled(len(unsure)) if unsure else None, f"{what}, {place}, undecided")
    ranged = len(trials.ranged) + len(rwe.ranged)
    w.same(found["ranged"] is not None, ranged > 0, f"{what}, own range told")
    if ranged:
        w.counted(found["ranged"].lower(), ranged, "median", "medians", f"{what}, own range")
        w.same(found["are"], "is" if ranged == 1 else "are", what)
    known = {setting: valued(e.groups("orr", setting)) for setting in NOUNS}
    parts = [setting for setting, rows in known.items() if rows]
    w.same(found["rates"] is not None, bool(parts), f"{what}, rates")
    told = re.split(r" and (?=\d)", found["rates"]) if found["rates"] else []
    w.same(len(told), len(parts), f"{what}, rates")
    for part, setting in zip(told, parts, strict=True):
        low, high = (ends[0]["value"] for ends in extremes(known[setting]))
        one = w.read(rf"(?:({w.NUMBER}) to )?({w.NUMBER})% in {NOUNS[setting][1]}", part, what)
        w.same(one[1] is None, float(low) == float(high), f"{what}, rates")
        w.number(one[1] or one[2], low, f"{what}, rates")
        w.number(one[2], high, f"{what}, rates")


def excepted(e: Edition, claim: str) -> int:
    """How many studies the article excepts from a limit: the first number of its statement."""
    return int(e.claim(claim)["tokens"].split(";")[0])


CHECKS: dict[str, Callable[[str, Edition], None]] = {
    "say clinical-pfs-ceiling": lambda text, e: ceiling(
        text, e, e.groups("pfs", "clinical"), "DI-03", excepted(e, "AB-17"), NOUNS["clinical"],
        "clinical PFS"),
    "say rwe-pfs-ceiling": lambda text, e: ceiling(
        text, e, e.groups("pfs", "rwe"), "DI-04", 0, NOUNS["rwe"], "real-world PFS"),
    "say os-ceiling": lambda text, e: ceiling(
        text, e, e.groups("os", None), "DI-05", 0, STUDIES, "OS"),
    "say clinical-orr-floor": lambda text, e: ceiling(
        text, e, e.groups("orr", "clinical"), "DI-07", excepted(e, "DI-07"), NOUNS["clinical"],
        "clinical ORR"),
    "say os-included-records": included_records,
    "say refractoriness-gradient": refractory_text.gradient,
    "say benefit-limited": benefit,
}
