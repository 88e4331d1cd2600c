"""Rows of a made study: groups, results in any state, characteristics; all by chance.

Each function appends to `tables`, a list of rows by table, and asks `rng` for every choice.
"""

from __future__ import annotations

import random

Row = dict[str, str]
Tables = dict[str, list[Row]]
NAMES = ("Adeyemi", "O'Brien-Smith", "van der Berg", "NOVA_2", "Lund [A]", "Ortiz*", "Ito & Sato",
         "Chen (part B)", "Zhao", "MM-017", "Ångström", "de la Cruz", "R2-D2 <20")
REGIMENS = ("Dara + Pom + Dex", "Isa, Carf, Dex", "Anti-CD38 NS", "Dara_Vd (weekly)",
            "Isa 10 mg/kg")
PANELS = ("fig-clinical-pfs", "fig-rwe-os", "fig-rwe-orr", "fig-best-response")
MONTHS = ("0", "0.1", "1", "1.0", "2.75", "3", "5.0", "8.4", "9", "12.25", "19.4", "20", "24.0",
          "37.6", "120", "399.9")
STATES = ("value",) * 8 + ("between", "at least", "at most", "limit of report", "not reached",
                           "not reached, limit", "not estimable", "not reported", "not transcribed",
                           "not applicable", "no row", "no row")


def add_study(rng: random.Random, tables: Tables, key: str, study: str, label: str) -> None:
    setting = rng.choice(["clinical", "rwe"])
    new = {"source_id": f"made-{key}", "locator": "Abstract", "edition_added": key}
    design = {"clinical": ["randomised", "single-arm"],
              "rwe": ["retrospective", "prospective"]}[setting]
    tables["studies"].append({
        **new, "study_id": study, "label": label, "setting": setting, "design": rng.choice(design),
        "acronym": rng.choice(["", "", label]), "phase": "II" if setting == "clinical" else "",
        "regimen": rng.choice(REGIMENS), "mixed_population": "all",
        "registry_id": rng.choice(["", f"NCT0{rng.randrange(10 ** 6, 10 ** 7)}"]),
        "table_position": str(rng.choice([20, 40, 90]))})
    reports = [f"{study}-report-{n}" for n in range(rng.choice([1, 1, 2, 3]))]
    for place, report in enumerate(reports, start=1):
        tables["reports"].append(report_row(rng, new, study, report, place, lead=place == 1))
    arms = [f"{study}-arm-{n}" for n in range(rng.choice([1, 1, 2, 3]))]
    for arm, population in zip(arms, rng.sample(["refractory", "2L, 3L", "(exposed)", "≥75 years"],
                                                len(arms)), strict=True):
        exposure = rng.choice(["exposed", "exposed, not refractory", "refractory", "mixed"])
        share = rng.choice(["", "0", "40", "100"])
        tables["arms"].append({
            **new, "arm_id": arm, "study_id": study,
            "label": f"{rng.choice(REGIMENS)}, {population}", "regimen": "daratumumab",
            "population": population, "therapy": "retreatment", "exposure": exposure,
            "refractory_percent": share,
            "refractory_printed": f"{share}% ref" if share else "",
            **rng.choice([{}, {"n_total": "30", "n_total_kind": "reported"}])})
        for outcome in ("pfs", "os", "orr", "cr_or_better", "vgpr_or_better"):
            add_result(rng, tables, {**new, "arm_id": arm, "outcome": outcome, "use": "synthesis",
                             "report_id": rng.choice(reports)}, _key(arm, outcome))
    if rng.random() < 0.25:
        tables["arms"].append({
            **new, "arm_id": f"{study}-naive", "study_id": study, "label": "Dara (naive)",
            "regimen": "daratumumab", "population": "naive patients", "therapy": "comparator",
            "exposure": "naive"})
        add_result(rng, tables, {
            **new, "arm_id": f"{study}-naive", "outcome": "orr", "use": "comparator",
            "report_id": reports[0]}, f"{study}-naive-orr")
    _characteristics(rng, tables, new, study, reports, arms, setting)
    if rng.random() < 0.7:
        tables["quality"].append({
            **new, "study_id": study, "tool": "MMAT",
            "appraised": rng.choice(["true", "false", ""]), "kind": "reported",
            "rating_status": "not reported", "basis": "Made."})


def report_row(rng: random.Random, new: Row, study: str, report: str, place: int,
               lead: bool) -> Row:
    return {**new, "report_id": report, "study_id": study, "citekey": report.replace("-", ""),
            "label": f"Made report {place}, 2026", "type": rng.choice(["article", "abstract"]),
            "year": "2026", "lead": str(lead).lower(), "found_via": "database",
            "ref": rng.choice(["", "", "99"]), "table_position": str(place)}


def add_result(rng: random.Random, tables: Tables, row: Row, name: str) -> None:
    """A row for one group and outcome, in any state; sometimes none."""
    if row["outcome"] in ("pfs", "os") and rng.random() < 0.15:
        _kept(rng, tables, row, name)
    state = rng.choice(STATES)
    if state == "no row":
        return
    rate = row["outcome"] in ("orr", "cr_or_better", "vgpr_or_better")
    row = {**row, "outcome_id": name, "statistic": "proportion" if rate else "median",
           "unit": "percent" if rate else "months", "status": state, "kind": "reported",
           "ci_status": rng.choice(["not reported", "not transcribed", "not estimable"]),
           "figure": row.get("figure") or rng.choice(["", "", "", "", rng.choice(PANELS)]),
           "follow_up_printed": rng.choice(["", "", "14.5", "9 (3–20)", "9,5 (3–20)", "≤53"])}
    if rng.random() < 0.6:
        row |= {"n_total": str(rng.choice([1, 10, 24, 173, 2500])),
                "n_total_kind": rng.choice(["reported", "derived"])}
    low, high = sorted(rng.sample([0.5, 1, 2.8, 5.25, 7, 19.0, 30], 2))
    if state == "value":
        row |= _valued(rng, row, rate)
    elif state in ("between", "at least", "at most", "limit of report", "not reached, limit"):
        row |= {"kind": "bound",
                "bound_low": f"{low:g}" if state != "at most" else "",
                "bound_high": f"{high:g}" if state not in ("at least", "not reached, limit")
                else ""}
        row["status"] = {"limit of report": "not reported",
                         "not reached, limit": "not reached"}.get(state) or rng.choice(
            ["not transcribed", "not reported"])
    tables["outcomes"].append(row)


def _kept(rng: random.Random, tables: Tables, row: Row, name: str) -> None:
    """A rate at a time or a hazard ratio, which is kept and enters nothing."""
    rate = rng.random() < 0.5
    tables["outcomes"].append({
        **row, "outcome_id": f"{name}-kept", "use": "context", "status": "value",
        "kind": "reported", "statistic": "rate" if rate else "hazard ratio",
        "unit": "percent" if rate else "ratio",
        "value": rng.choice(["44", "97.5"] if rate else ["0.4", "30"]),
        "figure": "", "ci_status": "not reported",
        "note": "At 12 months, against the other group; made."})


def _valued(rng: random.Random, row: Row, rate: bool) -> Row:
    if rate:
        total = int(row.get("n_total") or 0)
        count = rng.choice([0, total, rng.randint(0, total)])
        value = f"{100 * count / total:.1f}" if total else \
            rng.choice(["0", "4.9", "5", "52", "100"])
        own = {"n": str(count), "n_kind": rng.choice(["reported", "derived"])} \
            if total and rng.random() < 0.6 else {}
        if own and total > 3 and 0 < count <= total - 3 and rng.random() < 0.3:
            # a percentage of the patients who could be evaluated, beside the size of the group
            value = f"{100 * count / (total - 3):.1f}"
            own["note"] = f"Made; of {total - 3} patients."
    else:
        value, own = rng.choice(MONTHS), {}
    printed = rng.choice([value, value.replace(".", ","), f"{value} (as printed)",
                          value.replace(".", "·"), f"~{value}",
                          f"{own['n']} ({value})" if own else f"{value} %" if rate else value])
    row = {"note": "Made.", "value": value, "printed": printed, **own, "kind": rng.choice(
        ["reported", "reported", "derived"])}
    if row["kind"] == "derived" and rng.random() < 0.5:
        row["printed"] = ""
    number = float(value)
    if rng.random() < 0.5:
        low = f"{number * rng.choice([0, 0.5, 0.9]):.1f}"
        low = low if float(low) <= number else "0.0"
        row |= {"ci_status": "value", "ci_level": rng.choice(["95", "95", "90"]), "ci_low": low}
        if rng.random() < 0.6 or rate:
            high = f"{min(number * 1.5 + 1, 100 if rate else 999):.1f}"
            row |= {"ci_high": high, "ci_high_status": "value"}
        else:
            high, row["ci_high_status"] = rng.choice([("NR", "not reached"),
                                                      ("NE", "not estimable")])
        if rng.random() < 0.7:
            ends = rng.choice(["{}–{}", "{}-{}", "{}, {}", "{} to {}"]).format(low, high)
            ends = ends.replace(".", rng.choice(".·"))
            row["ci_printed"] = rng.choice([ends, f"{row['ci_level']}% CI {ends}", f"({ends})"])
    return row


def _characteristics(rng: random.Random, tables: Tables, new: Row, study: str, reports: list[str],
                     arms: list[str], setting: str) -> None:
    table = f"tbl-{setting}"
    for name, unit in (("follow_up", "months"), ("prior_lines", "lines")):
        for number in range(rng.choice([0, 1, 1, 2])):
            arm = rng.choice(arms) if number else ""
            add_characteristic(rng, tables, {
                **new, "study_id": study, "report_id": rng.choice([reports[0], reports[-1], ""]),
                "arm_id": arm, "characteristic": name, "unit": unit, "use": "synthesis",
                "statistic": rng.choice(["median", "median", "median", "mean"]),
                "scope": "overall", "exposure_point": rng.choice(["retreatment", "not stated"]),
                "table": rng.choice([table, table, ""])}, _key(study, f"{name}-{number}"))
    for name in ("dara", "penta"):
        if rng.random() < 0.6:
            share = rng.choice(["0", "42", "95", "96", "100"])
            tables["characteristics"].append({
                **new, "characteristic_id": f"{study}-refractory-{name}", "study_id": study,
                "report_id": reports[0], "characteristic": "refractory", "detail": name,
                "statistic": "percent", "use": "synthesis", "status": "value", "kind": "reported",
                "value": share, "printed": f"{share}% {name} ref", "unit": "percent",
                "scope": "overall", "exposure_point": "retreatment",
                "table": rng.choice([table, ""])})
    if rng.random() < 0.7:
        tables["characteristics"].append({
            **new, "characteristic_id": f"{study}-population", "study_id": study,
            "report_id": reports[0], "characteristic": "population_size", "statistic": "count",
            "use": "context", "status": "value", "kind": "reported", "value": "51",
            "printed": "51", "unit": "patients", "scope": "overall",
            "exposure_point": "retreatment"})


def add_characteristic(rng: random.Random, tables: Tables, row: Row, name: str) -> None:
    state = rng.choice(["value"] * 5 + ["bound", "not reported", "not transcribed", "not reached"])
    value = rng.choice(["1", "1.9", "3", "7", "12.0", "38"])
    row = {**row, "characteristic_id": name, "status": state, "kind": "reported"}
    if state == "value":
        row |= {"value": value, "printed": rng.choice([
            value, f"{value} (1–60)", f"{value} (1–60)".replace(".", "·")])}
    elif state == "bound":
        row |= {"status": "not reported", "kind": "bound", "bound_high": value,
                "printed": rng.choice([f"≤{value}", ""])}
    tables["characteristics"].append(row)


def _key(*parts: str) -> str:
    return "-".join(parts).replace("_", "-")
