"""The findings of the first page in plain words, read and held against the rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import conclusion_text
import words as w
from conclusion_text import Against, excepted
from reading import NOUNS, STUDIES, Edition, Row, extremes, reported, valued

WIDE = 20  # percentage points between the lowest and the highest rate
PFS = (rf"\*\*Time without progression was short\.\*\* Half of the patients had progressed or died "
       rf"within (?P<limit0>{w.AMOUNT}) in (?P<share0>.+?), and within (?P<limit1>{w.AMOUNT}) in "
       r"(?P<share1>.+?) \(median progression-free survival\)\.")
OS = (rf"\*\*Survival was short\.\*\* Where half of the patients had died, they had done so within "
      rf"(?P<limit0>{w.AMOUNT}) in (?P<share0>.+?) \(median overall survival\)\.")
RATE = (rf"(?:(?P<low>{w.NUMBER}) to )?(?P<high>{w.NUMBER})% of patients "
        r"\(known for (?P<groups>[^()]+)\) in ")


def progression(text: str, e: Edition) -> None:
    """How soon the disease progressed; the headline sentences where one of them does not hold."""
    trials = Against(e.groups("pfs", "clinical"), e.threshold("DI-03"))
    world = Against(e.groups("pfs", "rwe"), e.threshold("DI-04"))
    if trials.holds(excepted(e, "AB-17")) and world.holds(0):
        _short(text, PFS, [(trials, NOUNS["clinical"]), (world, NOUNS["rwe"])], "first page, PFS")
        return
    found = w.read(r"\*\*Time without progression \(progression-free survival, PFS\)\.\*\* "
                   r"(Median PFS is below .+?\.) (Median PFS is below .+)", text,
                   "first page, PFS, headline sentences")
    conclusion_text.CHECKS["say clinical-pfs-ceiling"](found[1], e)
    conclusion_text.CHECKS["say rwe-pfs-ceiling"](found[2], e)


def survival(text: str, e: Edition) -> None:
    """How long patients lived; the headline sentence where it does not hold."""
    against = Against(e.groups("os", None), e.threshold("DI-05"), True)
    if against.holds(0):
        _short(text, OS, [(against, STUDIES)], "first page, OS")
    else:
        told = w.read(r"\*\*Survival\.\*\* (.+)", text, "first page, OS, headline sentence")
        conclusion_text.CHECKS["say os-ceiling"](told[1], e)


def _short(text: str, pattern: str, told: list[tuple[Against, tuple[str, str]]],
           what: str) -> None:
    """Each limit with how many studies stay below it."""
    found = w.read(pattern, w.plain(text), what)
    for place, (against, noun) in enumerate(told):
        w.amount(found[f"limit{place}"], str(against.limit), "months", what)
        w.share(found[f"share{place}"], len(against.low), len(against.all), *noun,
                f"{what}, {noun[1]} below the limit")


def response(text: str, e: Edition) -> None:
    """The lowest and the highest known rate of each setting, and how many groups have one."""
    what = "first page, response"
    known = {setting: rows for setting in NOUNS if (rows := valued(e.groups("orr", setting)))}
    if not known:
        w.same(text, "No response rate is known.", what)
        return
    rates = [float(row["value"]) for rows in known.values() for row in rows]
    start = "Responses ranged widely" if max(rates) - min(rates) >= WIDE else "Known responses"
    joined = " and ".join(f"({RATE.replace('?P<', f'?P<{setting}_')}{re.escape(NOUNS[setting][1])})"
                          for setting in known)
    found = w.read(rf"\*\*{start}:\*\* {joined} \(overall response rate\)\.", w.plain(text), what)
    for setting, rows in known.items():
        low, high, groups = (found[f"{setting}_{part}"] for part in ("low", "high", "groups"))
        _range(low, high, rows, f"{what}, {setting}")
        w.share(groups, len(rows), len(reported(e.groups("orr", setting))), "group", "groups",
                f"{what}, {setting}, groups with a rate")


def _range(low: str | None, high: str, rows: list[Row], what: str) -> None:
    lowest, highest = (rows[0]["value"] for rows in extremes(rows))
    w.same(low is None, float(lowest) == float(highest), f"{what}, one rate told")
    w.number(low or high, lowest, f"{what}, lowest")
    w.number(high, highest, f"{what}, highest")


CHECKS: dict[str, Callable[[str, Edition], None]] = {
    "tell plain-pfs": progression, "tell plain-os": survival, "tell plain-response": response}
