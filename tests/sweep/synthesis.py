"""The synthesis recomputed from the CSV files: sentences, figure rows and table lines.

Like the other checkers it shares no code with the packages under test.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import words as w
from figure_rows import _refractoriness, exact, follow_up
from reading import (
    LIMITS,
    MAIN,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_REPORTED,
    NOT_TRANSCRIBED,
    NOUNS,
    VALUE,
    Edition,
    Row,
    extremes,
    reported,
    usual,
    valued,
)
from synthesis_parts import Known, crude, known_of, named_ends, prose

DESIGNS = ("randomised", "single-arm", "prospective", "retrospective")
REFRACTORY = ("all refractory", "part refractory", "not refractory", "not reported")
TITLES = {"clinical": "Clinical trials", "rwe": "Real-world studies"}
HEADS = {"pfs": "PFS", "os": "OS", "orr": "ORR", "cr_or_better": "CR"}
SAID = {VALUE: "reported", NOT_REACHED: "reported", "not estimable": "reported",
        LIMITS: "limits only", NOT_TRANSCRIBED: "cited only", NOT_REPORTED: "not reported"}
ORDER = ["reported", "limits only", "cited only", "not reported"]
SAME = "from the start of the retreatment"
WHOLE = "follow-up of the whole study, of which the group is a part"
ELSE = "follow-up of another line or with another start"
UNSTATED = "follow-up not stated"


def rates(e: Edition, setting: str) -> list[tuple[Row, Known]]:
    """The groups that report a response rate, with what is known of each."""
    return [(row, known_of(row)) for row in reported(e.groups("orr", setting))
            if row["state"] != NOT_ESTIMABLE]


def strata(e: Edition) -> list[tuple[str, str, list[tuple[Row, Known]]]]:
    found = []
    for setting in NOUNS:
        groups = rates(e, setting)
        for design in dict.fromkeys(row["design"] for row, _ in groups):
            found.append((setting, design, [one for one in groups if one[0]["design"] == design]))
    return found


def is_open(groups: list[tuple[Row, Known]], setting: list[tuple[Row, Known]]) -> bool:
    counted = [one for one in groups if one[1].letter in "AB"]
    return len(counted) >= 5 and 3 * len(counted) >= 2 * len(groups) and not named_ends(
        groups, setting)


# sentences -----------------------------------------------------------------------------------

def classes(text: str, e: Edition) -> None:
    letters = Counter(known.letter for setting in NOUNS for _, known in rates(e, setting))
    if not letters:
        return w.same(text, "No group reports a response rate.", "classes")
    told = dict(re.findall(r"class ([A-E])", text) and [
        (letter, w.count(n)) for n, letter in re.findall(
            rf"({w.COUNT}) (?:is|are) in class ([A-E])", text)])
    w.same(told, {letter: letters.get(letter, 0) for letter in "ABCDE"}, "classes")
    w.same(w.count(w.read(rf"Of ({w.COUNT}) groups? .+", text, "classes")[1]),
           sum(letters.values()), "classes, all")


def gate(text: str, e: Edition) -> None:
    found = strata(e)
    opened = [design for setting, design, groups in found if is_open(groups, rates(e, setting))]
    if not found:
        expected = "No stratum reports a response rate."
    elif not opened:
        whole = "the one stratum" if len(found) == 1 else f"all {w.spelled(len(found))} strata"
        expected = f"The gate is closed in {whole}, and no pooled rate is shown."
    else:
        expected = f"{w.spelled(len(opened))} of {w.spelled(len(found))} strata."
    if not text.endswith(expected):
        raise w.Differs(f"gate: {text!r} does not end with {expected!r}")


def identified(text: str, e: Edition) -> None:
    for setting, (_, many) in NOUNS.items():
        least, most, patients, groups, unsized = crude([known for _, known in rates(e, setting)])
        if not patients:
            expected = f"For {many} it is not bounded"
        else:
            events = f"{least:,} of" if least == most else f"between {least:,} and {most:,} of"
            ends = [f"{100 * n / patients:.1f}" for n in (least, most)]
            rate = ends[0] if least == most else " to ".join(ends)
            noun = "group" if groups < 2 else "groups"
            people = "patient" if patients == 1 else "patients"
            expected = (f"In {w.spelled(groups)} {noun} of {many} {events} {patients:,} {people} "
                        f"responded: {rate}%")
            if unsized:
                one = "group" if unsized < 2 else "groups"
                expected += f"; {w.spelled(unsized)} {one} without a known size left out"
        if expected not in text:
            raise w.Differs(f"identified: {expected!r} is not in {text!r}")


def medians(e: Edition) -> list[tuple[Row, float | None, str]]:
    """Known medians of the synthesis with follow-up in months and its clock."""
    found = []
    for outcome in ("pfs", "os"):
        for setting in NOUNS:
            for row in valued(e.groups(outcome, setting)):
                told, months = follow_up(e, row)
                population = e.study[row["study_id"]]["mixed_population"]
                clock = (WHOLE if told.endswith("†") else UNSTATED) if months is None else \
                    ELSE if row["time_zero"] else SAME if population in ("all", "share") else WHOLE
                found.append((row, months, clock))
    return found


def form(row: Row) -> str:
    if row["ci_status"] != "value":
        return "not known"
    if not row["ci_high"]:
        return "open above"
    low, middle, high = (float(row[name]) for name in ("ci_low", "value", "ci_high"))
    if low == 0:
        return "cut at zero or touching it"
    return "symmetric" if abs(high + low - 2 * middle) <= 0.2 + 1e-9 else "not symmetric"


def forms(text: str, e: Edition) -> None:
    counts = Counter(form(row) for row, _, _ in medians(e))
    unknown = counts.pop("not known", 0)
    if not counts and not unknown:
        return w.same(text, "No median of a retreated group is known.", "forms")
    told = Counter({kind: w.count(n) for n, kind in re.findall(
        rf"({w.COUNT}) (?:is|are) (not symmetric|symmetric|cut at zero or touching it|open above)",
        text)})
    w.same(told, counts, "forms")
    none = re.search(rf"[Ff]or ({w.COUNT}) medians?", text)
    w.same(w.count(none[1]) if none else 0, unknown, "forms, none known")


def clocks(text: str, e: Edition) -> None:
    others = [row for row, _, clock in medians(e) if clock != SAME]
    if not others:
        return w.same(text, "Every known median of a retreated group is in the plot.", "clocks")
    found = w.read(rf"Not in the plot (?:is|are) ({w.COUNT}) medians?: .+", text, "clocks")
    w.same(w.count(found[1]), len(others), "clocks")
    if len(others) <= w.SHOWN:
        missing = [row["study"] for row in others if row["study"] not in w.plain(text)]
        w.same(missing, [], "clocks, studies")


def overlaps(text: str, e: Edition) -> None:
    included = [row for row in e.tables["overlaps"] if row["study_id"] in e.study]
    cohorts = Counter(row["cohort"] for row in included)
    there = [e.study[row["study_id"]]["label"] for row in included if cohorts[row["cohort"]] > 1]
    missing = [label for label in there if label not in w.plain(text)]
    w.same(missing, [], "overlaps")
    w.same(text.startswith("No overlap"), not there, "overlaps, none")


def free_interval(text: str, e: Edition) -> None:
    rows = [row for row in e.outcomes if row["outcome"] == "time_to_retreatment"
            and row["use"] == "synthesis" and row["state"] == VALUE]
    times = [row for row in e.tables["characteristics"] if row["status"] == "value"
             and row["kind"] != "bound" and row["characteristic"] == "time_off_anti_cd38"]
    studies = {row["study_id"] for row in (*rows, *times)}
    if not studies:
        return w.read(r"No study gives .+\.", text, "interval") and None
    found = w.read(r"The time since the earlier antibody is known for (.+?): (.+)\.", text,
                   "interval")
    w.share(found[1], len(studies), len(e.studies()), "study", "studies", "interval, studies")
    w.same(len(found[2].split("; ")), len(rows) + len(times), "interval, values")


def proposals(text: str, e: Edition) -> None:
    known = {row["arm_id"]: row for row in e.outcomes
             if row["use"] == "synthesis" and row["state"] in (VALUE, LIMITS)}
    shares = sum(1 for row in known.values() if row["refractory_percent"])
    told = re.search(rf"known for ({w.COUNT}) of ({w.COUNT}) groups?", text)
    w.same((w.count(told[1]), w.count(told[2])), (shares, len(known)), "proposals, shares")
    for design, pattern in (("randomised", rf"({w.COUNT}) included stud"),
                            ("prospective", rf"({w.COUNT}) real-world stud")):
        n = sum(1 for row in e.studies() if row["design"] == design)
        w.same(w.count(re.search(pattern, text, re.I)[1].lower()), n, f"proposals, {design}")


def by_chance(e: Edition) -> list[str]:
    """Included studies with a comparison of groups that were allotted by chance."""
    noted = {(e.study[note["study_id"]]["label"] if note["study_id"] in e.study else note["label"],
              note["outcome"]) for note in e.tables["contrasts"]
             if note["pairing"] == "randomised"}
    included = {study["label"] for study in e.studies()}
    return list(dict.fromkeys(study for study, outcome, _ in pairs(e)
                              if study in included and (study, outcome) in noted))


def caution(text: str, e: Edition) -> None:
    found = w.read("The directions are not counted, and no test is made of them: the groups were "
                   r"not allotted by chance(?:, except in (.+))?, some overlap, and a count of "
                   r"directions says nothing of size\.", w.plain(text), "caution")
    w.same(found[1] is not None, bool(by_chance(e)), "caution")
    if found[1]:
        w.listed(found[1], by_chance(e), "caution")


def lynx(text: str, e: Edition) -> None:
    included = any(study["label"] == "LYNX" for study in e.studies())
    w.same(text, "a randomised trial of this edition" if included else
           "a randomised trial outside the review", "LYNX")


TEXTS: dict[str, Callable[[str, Edition], None]] = {
    f"tell synthesis-{name}": check for name, check in {
        "classes": classes, "gate": gate, "identified": identified, "interval-forms": forms,
        "clocks": clocks, "overlaps": overlaps, "free-interval": free_interval,
        "proposals": proposals}.items()} | {
            "tell contrasts-caution": caution, "tell lynx-place": lynx}


# figures -------------------------------------------------------------------------------------

def known_cells(rows: list[dict[str, Any]], e: Edition) -> None:
    """Every cell of the matrix of studies by outcomes."""
    found = {(row["study_id"], row["column"]): row["state"] for row in rows}
    expected = {}
    for study in e.studies():
        own = [row for row in e.outcomes if row["study_id"] == study["study_id"]]
        drawn = [row for row in own if row["use"] == "synthesis"]

        def best(states: Sequence[str], otherwise: str) -> str:
            said = {SAID[state] for state in states}
            return next((one for one in ORDER if one in said), otherwise)

        for code, head in HEADS.items():
            expected[study["study_id"], head] = best(
                [row["state"] for row in drawn if row["outcome"] == code], "not reported")
        codes = {row["outcome"] for row in drawn}
        expected[study["study_id"], "Comparison"] = best(
            [row["state"] for row in own if row["use"] == "comparator"
             and row["outcome"] in codes], "not an outcome")
        times = [VALUE if row["status"] == "value" else NOT_REPORTED
                 for row in e.tables["characteristics"] if row["study_id"] == study["study_id"]
                 and row["characteristic"] == "time_off_anti_cd38"]
        expected[study["study_id"], "Interval"] = best(
            [*(row["state"] for row in drawn if row["outcome"] == "time_to_retreatment"), *times],
            "not reported")
    w.same(found, expected, "fig-known")


def response(rows: list[dict[str, Any]], e: Edition) -> None:
    """Class, counts and exact interval of every group with a response rate, and the order."""
    expected = {row["outcome_id"]: (row, known) for setting in NOUNS
                for row, known in rates(e, setting)}
    w.same(sorted(row["outcome_id"] for row in rows), sorted(expected), "fig-response, rows")
    order = []
    for row in rows:
        source, known = expected[row["outcome_id"]]
        what = f"fig-response, {row['outcome_id']}"
        w.same((row["class"], row["events"], row["total"]),
               (known.letter, known.events, known.total), what)
        limits = (None, None)
        if known.letter in "AB" and known.total:
            limits = exact(known.events, known.total)
        w.same((row["low"], row["high"]), limits, f"{what}, interval")
        refractory = _refractoriness(e.arm[source["arm_id"]])
        w.same(row["refractoriness"], refractory, what)
        order.append((row["low"] is None, DESIGNS.index(source["design"]),
                      REFRACTORY.index(refractory)))
    w.same(order, sorted(order), "fig-response, order")


def maturity(rows: list[dict[str, Any]], e: Edition) -> None:
    expected = {row["outcome_id"]: (float(row["value"]), months, clock, form(row))
                for row, months, clock in medians(e)}
    found = {row["outcome_id"]: (row["value"], row["follow_up"], row["clock"], row["form"])
             for row in rows}
    w.same(found, expected, "fig-maturity")
    for row in rows:
        beyond = row["value"] > row["follow_up"] if row["clock"] == SAME else None
        w.same(row["immature"], beyond, f"fig-maturity, {row['outcome_id']}")


def pairs(e: Edition) -> list[tuple[str, str, str | None]]:
    """Study, outcome and direction of each comparison within a study."""
    found = []
    rows = [row for row in e.outcomes if usual(row) and row["state"] in (
        VALUE, NOT_TRANSCRIBED, LIMITS, NOT_REACHED)]
    included = {study["label"] for study in e.tables["studies"]}
    for beside in rows:
        if beside["therapy"] != "comparator" or beside["use"] not in ("comparator", "context"):
            continue
        use = "context" if beside["use"] == "context" else "synthesis"
        for row in rows:
            if row["therapy"] == "retreatment" and row["use"] == use and all(
                    row[name] == beside[name]
                    for name in ("study_id", "outcome", "report_id", "time_zero")):
                both = row["state"] == beside["state"] == VALUE
                gap = float(row["value"]) - float(beside["value"]) if both else None
                told = direction(gap)
                if longer(row, beside):
                    told = "higher"
                elif longer(beside, row):
                    told = "lower"
                found.append((row["study"], row["outcome"], told))
    facts = {row["fact_id"]: row for row in e.tables["facts"]}
    for note in e.tables["contrasts"]:
        if note["fact_id"] in facts and note["label"] not in included:
            gap = float(facts[note["fact_id"]]["value"]) - float(
                facts[note["fact_beside"]]["value"])
            found.append((note["label"], note["outcome"], direction(gap)))
    return found


def longer(unreached: Row, reached: Row) -> bool:
    """Whether a median was not reached by a time at which the other one was."""
    return (unreached["state"] == NOT_REACHED and reached["state"] == VALUE
            and bool(unreached["bound_low"])
            and float(unreached["bound_low"]) >= float(reached["value"]))


def direction(gap: float | None) -> str:
    return "not known" if gap is None else "equal" if abs(gap) < 1e-9 else \
        "higher" if gap > 0 else "lower"


def contrasts(rows: list[dict[str, Any]], e: Edition) -> None:
    found = [(row["study"], row["outcome"], row["direction"]) for row in rows]
    w.same(sorted(found), sorted(pairs(e)), "fig-contrasts")


FIGURES = {"fig-known": known_cells, "fig-response": response, "fig-maturity": maturity,
           "fig-contrasts": contrasts}


def alternative(text: str, e: Edition, label: str, rows: list[dict[str, Any]]) -> None:
    """The words of a figure name what its rows, which are checked, hold."""
    told = {"fig-known": "column", "fig-response": "text", "fig-maturity": "text",
            "fig-contrasts": "value"}[label]
    if not rows and label != "fig-maturity":
        return w.read(r".+: no (?:group|study) .+\.", text, label) and None
    missing = [row[told] for row in rows if row[told] not in text]
    w.same(missing, [], f"words of {label}")


# tables --------------------------------------------------------------------------------------

Line = tuple[str, ...]


def end(rows: Sequence[Row]) -> str:
    return f"{prose(rows[0])} ({listed(list(dict.fromkeys(row['study'] for row in rows)))})"


def listed(items: list[str]) -> str:
    shown = items[:w.SHOWN] + ([f"{len(items) - w.SHOWN:,} more"] if len(items) > w.SHOWN else [])
    return "".join(shown) if len(shown) < 2 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def both_ends(rows: Sequence[Row]) -> tuple[str, str]:
    known = valued(rows)
    if not known:
        return "none known", "none known"
    low, high = extremes(known)
    return end(low), end(high)


def title(outcome: str, setting: str) -> str:
    return f"{'Median ' if outcome != 'orr' else ''}{HEADS[outcome]}, {NOUNS[setting][1]}"


def abstract_only(e: Edition, rows: Sequence[Row]) -> bool:
    return bool(rows) and all(e.report.get(row["report_id"], {}).get("type") == "abstract"
                              for row in rows)


def ranges(e: Edition) -> list[Line]:
    lines = []
    for outcome in MAIN:
        for setting in NOUNS:
            rows = reported(e.groups(outcome, setting))
            known = valued(rows)
            unreached = sum(row["state"] == NOT_REACHED for row in rows)
            sizes = [int(row["n_total"]) for row in known if row["n_total"]]
            unsized = len(known) - len(sizes)
            low, high = extremes(known) if known else ([], [])
            middle = "–" if outcome == "orr" else "not told: time zero and patients differ" \
                if rows and 2 * len(known) >= len(rows) else \
                "not told: known for fewer than half of the groups"
            only = [name for name, part in (("lowest", low), ("highest", high))
                    if abstract_only(e, part)]
            lines.append(("", title(outcome, setting), f"{len(known)} of {len(rows)}"
                          + (f", {unreached} not reached" if unreached else ""),
                          *both_ends(rows), f"{sum(sizes):,}"
                          + (f" (size of {unsized} not stated)" if unsized else ""),
                          listed(only) or "neither", middle))
    return lines


def gates(e: Edition) -> list[Line]:
    """Stratum, counts, classes and identified set; a pooled rate only where the gate is open."""
    lines = []
    for setting, design, groups in strata(e):
        letters = Counter(known.letter for _, known in groups)
        counted = sum(letters[letter] for letter in "AB")
        reasons = ["too few groups"] * (counted < 5)
        reasons += ["too small a share"] * (3 * counted < 2 * len(groups))
        if named := named_ends(groups, rates(e, setting)):
            reasons.append(f"known as an end: {listed(named)}")
        least, most, patients, _, unsized = crude([known for _, known in groups])
        limits = "not bounded: no size is known"
        if patients:
            rates_ = [f"{100 * n / patients:.1f}" for n in (least, most)]
            limits = f"{least:,} of {patients:,}: {rates_[0]}%" if least == most else \
                f"{least:,} to {most:,} of {patients:,}: {' to '.join(rates_)}%"
            limits += f"; {unsized} without a size left out" if unsized else ""
        state = "open" if not reasons else f"closed ({'; '.join(reasons)})"
        lines.append((TITLES[setting], design, f"{counted} of {len(groups)}",
                      ", ".join(f"{letter} {letters[letter]}" for letter in sorted(letters)),
                      state, "not shown" if reasons else "*", limits))
    return lines


def largest(rows: Sequence[Row], unit: Callable[[Row], str]) -> list[Row]:
    best: dict[str, Row] = {}
    for row in rows:
        def rank(one: Row) -> tuple[bool, int]:
            return one["state"] == VALUE, int(one["n_total"] or -1)
        key = unit(row)
        if key not in best or rank(row) > rank(best[key]):
            best[key] = row
    kept = {row["outcome_id"] for row in best.values()}
    return [row for row in rows if row["outcome_id"] in kept]


def sensitivity(e: Edition) -> list[Line]:
    share = e.threshold("R3.5-08")
    cohort = {row["study_id"]: row["cohort"] for row in e.tables["overlaps"]}
    key = e.now("trimm-2")
    apart = e.study.get(key, {}).get("label", f"{key} (not in this edition)")

    def type_of(row: Row) -> str:
        return e.report.get(row["report_id"], {}).get("type", "")

    analyses: list[tuple[str, Callable[[list[Row]], list[Row]]]] = [
        ("all groups", lambda rows: rows),
        (f"without {apart}", lambda rows: [r for r in rows if r["study_id"] != key]),
        ("without groups known to have fewer than 10 patients",
         lambda rows: [r for r in rows if not r["n_total"] or int(r["n_total"]) >= 10]),
        ("results read from full articles only",
         lambda rows: [r for r in rows if type_of(r) == "article"]),
        (f"groups with more than {share:g}% refractory patients",
         lambda rows: [r for r in rows if r["refractory_percent"]
                       and float(r["refractory_percent"]) > share]),
        ("without inferred values",
         lambda rows: [r for r in rows if not (r["state"] == VALUE and r["kind"] == "inferred")]),
        ("one group a cohort, the largest",
         lambda rows: largest(rows, lambda r: cohort.get(r["study_id"], r["study_id"]))),
        ("one group a report, the largest",
         lambda rows: largest(rows, lambda r: f"{r['study_id']}/{r['report_id']}")),
        ("one group a study, the largest", lambda rows: largest(rows, lambda r: r["study_id"])),
    ]
    lines = []
    for outcome in MAIN:
        for setting in NOUNS:
            whole = e.groups(outcome, setting)
            first = both_ends(whole)
            same, moved = [], []
            for about, keep in analyses:
                rows = keep(whole)
                ends = both_ends(rows)
                left = f"{len(valued(rows))} of {len(reported(rows))}"
                if (ends, left) == (first, f"{len(valued(whole))} of {len(reported(whole))}"):
                    same.append(about)
                else:
                    moved.append((about, *ends, left, "" if ends == first else "●"))
            about = same[0] if len(same) == 1 else f"{same[0]}. The same: {'; '.join(same[1:])}"
            of_all = f"{len(valued(whole))} of {len(reported(whole))}"
            lines += [(title(outcome, setting), *line)
                      for line in ((about, *first, of_all, ""), *moved)]
    return lines


def certainty(e: Edition) -> list[Line]:
    lines = []
    for outcome in MAIN:
        for setting in NOUNS:
            rows = reported(e.groups(outcome, setting))
            known = valued(rows)
            sizes = [int(row["n_total"]) for row in known if row["n_total"]]
            spread = "none known"
            if known:
                low, high = extremes(known)
                texts = dict.fromkeys((prose(low[0]), prose(high[0])))
                spread = " to ".join(texts)
            direct = sum(e.study[row["study_id"]]["mixed_population"]
                         not in ("share", "not reported") for row in known)
            lines.append((
                "", title(outcome, setting),
                f"{len({row['study_id'] for row in rows})}, {len(rows)}",
                f"{sum(sizes):,}" if sizes else "none stated",
                f"{sum(abstract_only(e, [row]) for row in known)} of {len(known)}", spread,
                f"{direct} of {len(known)}", "open: for a named appraiser"))
    return lines


TABLES: dict[str, Callable[[Edition], list[Line]]] = {
    "tbl-ranges": ranges, "tbl-gate": gates, "tbl-sensitivity": sensitivity,
    "tbl-certainty": certainty}


def table(lines: list[Line], e: Edition, label: str) -> None:
    """The lines of a table; a star stands for a cell that only its own test can check."""
    expected = TABLES[label](e)
    w.same(len(lines), len(expected), f"{label}, lines")
    for shown, line in zip(lines, expected, strict=True):
        shown = tuple("*" if cell == "*" else found
                      for found, cell in zip(shown, line, strict=True))
        w.same(shown, line, label)


def left_out(lines: list[Line], e: Edition) -> None:
    """Each study once, and the ends of its outcome ranges that another study does not have."""
    w.same([line[1] for line in lines], [row["label"] for setting in NOUNS
                                         for row in e.studies(setting)], "tbl-leave-one-out")
    for line in lines:
        lost = []
        for outcome in MAIN:
            for setting in NOUNS:
                rows = e.groups(outcome, setting)
                before, after = (valued(part) for part in (
                    rows, [row for row in rows if row["study"] != line[1]]))
                for place, name in enumerate(("lowest", "highest")):
                    old, new = (prose(extremes(part)[place][0]) if part else "none known"
                                for part in (before, after))
                    if old != new:
                        lost.append(f"{title(outcome, setting)}, {name}: ")
        missing = [one for one in lost if one not in line[2]]
        w.same(missing, [], f"tbl-leave-one-out, {line[1]}")
        told = [part for part in line[2].split("; ") if part.startswith(
            tuple(title(outcome, setting) for outcome in MAIN for setting in NOUNS))]
        w.same(len(told), len(lost), f"tbl-leave-one-out, {line[1]}, ends")

