"""The headline sentences, read and held against the rows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from statistics import median

import words as w
from reading import (
    LIMITS,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_TRANSCRIBED,
    NOUNS,
    VALUE,
    Edition,
    Row,
    extremes,
    valued,
)

STUDIES = ("study", "studies")
CEILING = (
    rf"(?P<subject>.+?) is below (?P<limit>{w.AMOUNT}) in (?P<share>.+?)"
    r"(?:; the (?P<verb>exception is|exceptions are) (?P<above>.+?)"
    r"(?:, where the article excepts (?P<excepts>\w+))?)?"
    r"(?:; the highest is (?P<highest>.+?))?"
    r"(?:; it cannot be decided for (?P<open>.+?), where no value is known that would decide it)?"
    r"(?:; it was not reached in (?P<unreached>.+?))?\."
    rf"(?: For (?P<bounded>{w.COUNT} groups?) of (?P<decided>{w.COUNT}) an upper limit is known and no "
    r"value\.)?")


class Against:
    """Groups beside a limit: above it, below it, open, unreached."""

    def __init__(self, rows: list[Row], limit: float):
        self.limit = limit
        self.above, self.below, self.open, self.unreached = [], [], [], []
        for row in rows:
            if row["state"] in (NOT_REACHED, NOT_ESTIMABLE):
                self.unreached.append(row)
            elif row["state"] in (VALUE, LIMITS, NOT_TRANSCRIBED):
                known = row["state"] == VALUE
                least = row["value"] if known else row["bound_low"]
                most = row["value"] if known else row["bound_high"]
                side = self.above if least and float(least) >= limit else \
                    self.below if most and float(most) < limit else self.open
                side.append(row)

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
        return None if unsure or not self.all else True


def register(e: Edition, claim: str) -> Row:
    return next(row for row in e.tables["claims"] if row["claim_id"] == claim)


def threshold(e: Edition, claim: str) -> float:
    return float(register(e, claim)["threshold"])


def names(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(row["study"] for row in rows))


def ceiling(text: str, e: Edition, rows: list[Row], claim: str, excepted: int, noun: tuple[str, str],
            what: str) -> None:
    """Which studies stay below the limit, who does not and by what value."""
    against = Against(rows, threshold(e, claim))
    found = w.read(CEILING, w.plain(text), what)
    w.same(float(w.read(rf"({w.NUMBER}).*", found["limit"], what)[1]), against.limit, what)
    w.share(found["share"], len(against.low), len(against.all), *noun, f"{what}, studies below")
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
        _named(found["highest"], extremes(known)[1], f"{what}, highest")
    for part, left in (("open", against.open), ("unreached", against.unreached)):
        w.same(found[part] is not None, bool(left), f"{what}, {part} told")
        if left:
            w.listed(found[part], names(left), f"{what}, {part}")
    bounded = len(against.below) - len(known)
    w.same(found["bounded"] is not None, bounded > 0, f"{what}, limits told")
    if bounded:
        w.counted(found["bounded"], bounded, "group", "groups", f"{what}, limits")
        w.same(found["decided"], w.spelled(len(against.above) + len(against.below)), what)


def _value(text: str, row: Row, what: str) -> None:
    if row["state"] == VALUE:
        w.amount(text, row["value"], row["unit"], what)
        return
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
            parts = [r"([^()]+?)" + (rf" in group “{re.escape(row['arm'])}”" if len(own) > 1 else "")
                     for row in sorted(own, key=lambda row: -float(row["value"] or -1))]
            joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
            match = re.match(rf"{re.escape(study)} \({joined}\)(?:$|, | and )", left)
            if match:
                ordered = sorted(own, key=lambda row: -float(row["value"] or -1))
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
    against = Against([row for row in e.outcomes if row["outcome"] == "os"
                       and row["therapy"] == "retreatment"], threshold(e, "DI-06"))
    under, holds = f"below {against.limit:g} months", against.holds(0)
    if holds:
        w.same(text, "The same holds for every median OS of retreated patients that was seen in an "
               f"included record: all lie {under}.", what)
    elif holds is None:
        found = w.read(
            "Whether every median OS of retreated patients in the included records lies "
            rf"{re.escape(under)} cannot be decided(?:; it cannot be decided for (.+), where no "
            r"value is known that would decide it)?\.", text, what)
        w.same(found[1] is not None, bool(against.open), what)
        if against.open:
            w.listed(found[1], names(against.open), what)
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


# --- refractoriness -----------------------------------------------------------------------------


def gradient(text: str, e: Edition) -> None:
    """Middles of the medians on both sides of a share of refractory patients."""
    text, what, share = w.plain(text), "refractoriness", threshold(e, "R3.5-08")
    rows = [row for row in e.groups("pfs", "rwe") if row["state"] in (VALUE, LIMITS,
                                                                     NOT_TRANSCRIBED)]
    refractory = {row["study_id"] for row in e.traits("refractory", "rwe", lead=False)
                  if row["value"] and float(row["value"]) > share and row["unit"] == "percent"}
    sides = ([row for row in rows if row["study_id"] in refractory],
             [row for row in rows if row["study_id"] not in refractory])
    more, others = (_middle(side) for side in sides)
    holds = None
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        holds = more[1] < others[0]
    start = {True: "Median PFS is shorter where more patients are refractory",
             False: "Median PFS is not shorter where more patients are refractory",
             None: "Whether median PFS is shorter where more patients are refractory cannot be "
                   "decided"}[holds]
    if not more or not others:
        w.same(text, f"{start}: there are not medians on both sides of {share:g}% refractory "
               "patients.", what)
        return
    unread = " while some values are known by limits alone" if holds is None else ""
    found = w.read(
        rf"{start}{unread}: in (?P<n>.+?) with more than {share:g}% refractory patients the middle "
        rf"of the medians is (?P<more>.+?), in the others \((?P<m>.+?)\) it is (?P<others>.+?)\."
        r"(?: Within (?P<both>.+? that gives? both): (?P<within>.+)\.)?", text, what)
    for part, side in (("n", sides[0]), ("m", sides[1])):
        _groups(found[part], side, what)
    for part, middle in (("more", more), ("others", others)):
        _ends(found[part], middle, f"{what}, {part}")
    _within(found["both"], found["within"], rows, what)


def _middle(rows: list[Row]) -> tuple[float, float] | None:
    if not rows:
        return None
    ends = []
    for column, missing in (("bound_low", 0.0), ("bound_high", math.inf)):
        ends.append(median(float(row["value"]) if row["state"] == VALUE else
                           float(row[column]) if row[column] else missing for row in rows))
    return ends[0], ends[1]


def _ends(text: str, middle: tuple[float, float], what: str) -> None:
    low, high = middle
    if math.isinf(high):
        w.amount(w.read(r"above (.+)", text, what)[1], str(low), "months", what)
    elif low == high:
        w.amount(text, str(low), "months", what)
    else:
        found = w.read(rf"({w.NUMBER}) to (.+)", text, what)
        w.number(found[1], str(low), what)
        w.amount(found[2], str(high), "months", what)


def _groups(text: str, rows: list[Row], what: str) -> None:
    studies = len({row["study_id"] for row in rows})
    if len(rows) == studies:
        w.counted(text, studies, *STUDIES, what)
    else:
        found = w.read(r"(.+ groups?) of (.+)", text, what)
        w.counted(found[1], len(rows), "group", "groups", what)
        w.counted(found[2], studies, *STUDIES, what)


def _within(both: str | None, text: str | None, rows: list[Row], what: str) -> None:
    """Studies that give refractory and exposed, not refractory patients, with all their medians."""
    known: dict[str, dict[str, list[Row]]] = {}
    for row in valued(rows):
        if row["exposure"] in ("refractory", "exposed, not refractory"):
            known.setdefault(row["study"], {}).setdefault(row["exposure"], []).append(row)
    pairs = {study: sides for study, sides in known.items() if len(sides) == 2}
    w.same(both is not None, bool(pairs), f"{what}, within")
    if not both or not text:
        return
    found = w.read(r"(.+) that (gives?) both", both, what)
    w.counted(found[1], len(pairs), *STUDIES, f"{what}, within")
    w.same(found[2], "gives" if len(pairs) == 1 else "give", what)
    told = re.split(r"(?<=refractory patients)(?:, | and )", text)
    w.same(len(told), min(len(pairs), w.SHOWN) + (len(pairs) > w.SHOWN), f"{what}, within")
    for part, (study, sides) in zip(told, pairs.items(), strict=False):
        one = w.read(rf"{re.escape(study)}, (.+) in refractory and (.+) in exposed, not refractory "
                     "patients", part, what)
        for shown, side in ((one[1], sides["refractory"]), (one[2],
                                                            sides["exposed, not refractory"])):
            values = re.split(r", | and ", shown)
            w.same(len(values), len(side), f"{what}, {study}")
            for value, row in zip(values, side, strict=True):
                w.amount(value, row["value"], row["unit"], f"{what}, {study}")


def benefit(text: str, e: Edition) -> None:
    """The limits taken together, and the ranges of response."""
    what, share = "benefit", threshold(e, "R3.5-08")
    excepted = int(register(e, "AB-17")["tokens"].split(";")[0])
    trials = Against(e.groups("pfs", "clinical"), threshold(e, "DI-03"))
    rwe = Against(e.groups("pfs", "rwe"), threshold(e, "DI-04"))
    survival = Against(e.groups("os", None), threshold(e, "DI-05"))
    refractory = Against([row for row in e.groups("pfs", "rwe") if row["refractory_percent"]
                          and float(row["refractory_percent"]) > share], rwe.limit)
    truths = [trials.holds(excepted), rwe.holds(0), survival.holds(0), refractory.holds(0)]
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
        r"(?: Response rates run from (?P<rates>.+)\.)?", w.plain(text), what)
    for place, (against, noun) in enumerate((
            (trials, NOUNS["clinical"]), (rwe, NOUNS["rwe"]), (survival, STUDIES),
            (refractory, STUDIES))):
        w.amount(found[f"l{place}"], str(against.limit), "months", what)
        w.share(found[f"s{place}"], len(against.low), len(against.all), *noun, f"{what}, {place}")
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


def _tokens(e: Edition, claim: str) -> int:
    return int(register(e, claim)["tokens"].split(";")[0])


CHECKS: dict[str, Callable[[str, Edition], None]] = {
    "say clinical-pfs-ceiling": lambda text, e: ceiling(
        text, e, e.groups("pfs", "clinical"), "DI-03", _tokens(e, "AB-17"), NOUNS["clinical"],
        "clinical PFS"),
    "say rwe-pfs-ceiling": lambda text, e: ceiling(
        text, e, e.groups("pfs", "rwe"), "DI-04", 0, NOUNS["rwe"], "real-world PFS"),
    "say os-ceiling": lambda text, e: ceiling(
        text, e, e.groups("os", None), "DI-05", 0, STUDIES, "OS"),
    "say clinical-orr-floor": lambda text, e: ceiling(
        text, e, e.groups("orr", "clinical"), "DI-07", _tokens(e, "DI-07"), NOUNS["clinical"],
        "clinical ORR"),
    "say os-included-records": included_records,
    "say refractoriness-gradient": gradient,
    "say benefit-limited": benefit,
}
