"""The article's selection criteria, applied to every study as far as a machine can.

What the published edition breaks is a finding about the article and is shown as a warning with the
claims that speak of the criterion; in a later edition it is an error. Not reported is not failed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from article.vocabulary import DESIGN_CATEGORIES, VOCABULARY
from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.wording import patients

# checks of eligibility.csv -> claim about the criterion
CLAIMS = {"retreated_share": "M2.2-01", "retreated_count": "M2.2-02",
          "eligible_outcome": "M2.2-04", "design": "M2.2-06"}
T = "studies"


def terms(d: Dataset, check: str) -> list[str]:
    """Terms of the criteria that include and are applied by `check`."""
    rows = d["eligibility"]
    chosen = rows[(rows["checked_by"] == check) & (rows["direction"] == "include")]
    return list(chosen["term"].dropna())


def threshold(criteria: pd.DataFrame, check: str) -> float | None:
    """The number of the criterion applied by `check`, None where there is none. criteria: the table
    eligibility."""
    limits = criteria.loc[criteria["checked_by"] == check, "threshold"].dropna()
    return None if limits.empty else float(limits.iloc[0])


def retreated_share(d: Dataset) -> Iterator[Problem]:
    """Enough of a mixed population was retreated, or the retreated are reported separately."""
    least = threshold(d["eligibility"], "retreated_share")
    rows = d[T]
    if least is None:
        return
    share = rows["mixed_population"] == "share"
    yield from _unmet(d, share & (rows["retreated_percent"] < least), "retreated_percent",
                      "retreated_share",
                      f"{{retreated_percent}}% were retreated, and the rule asks for {least:g}%",
                      "leave the study out, or give the retreated patients as a group of their own")
    yield from flag(d, T, rows["mixed_population"] == "not reported", "mixed_population",
                    "eligibility not known",
                    f"what share of {{study_id}} was retreated is not reported, so the rule of "
                    f"{least:g}% cannot be checked",
                    f"look for it in the reports; see claim {CLAIMS['retreated_share']}", WARNING)


def retreated_count(d: Dataset) -> Iterator[Problem]:
    """Results for enough retreated patients in all; sizes that nobody reports prove nothing."""
    least = threshold(d["eligibility"], "retreated_count")
    if least is None:
        return
    arms = d["arms"]
    arms = arms[(arms["therapy"] == "retreatment").fillna(False)]
    results = d.outcomes
    results = results[((results["therapy"] == "retreatment")
                       & (results["use"] == "synthesis")).fillna(False)]
    sizes = pd.concat([arms[["study_id", "arm_id", "n_total"]],
                       results[["study_id", "arm_id", "n_total"]]])
    group = sizes.groupby(["study_id", "arm_id"])["n_total"].max()
    largest = group.groupby("study_id").max()
    total = group.groupby("study_id").sum()
    complete = group.notna().groupby("study_id").all()
    study = d[T]["study_id"]
    largest, total = study.map(largest), study.map(total)
    complete = study.map(complete).fillna(False).astype(bool)
    yield from _unmet(d, complete & (total < least), "study_id", "retreated_count",
                      f"results for {{total}}, and the rule asks for {least:g}",
                      "leave the study out, or add the group that makes up the number",
                      total=total.map(lambda n: patients(n, "retreated"), na_action="ignore"))
    yield from flag(d, T, complete & (largest < least) & (total >= least), "study_id",
                    "eligibility not known",
                    f"no group of {{study_id}} has {least:g} patients; together they have {{total}}"
                    " unless they overlap", "say in note whether they overlap", WARNING,
                    total=total)
    yield from flag(d, T, ~complete & ~(largest >= least).fillna(False), "study_id",
                    "eligibility not known",
                    f"how many patients of {{study_id}} were retreated is not reported, so the "
                    f"rule of {least:g} cannot be checked",
                    f"look for it in the reports; see claim {CLAIMS['retreated_count']}", WARNING)


def eligible_outcome(d: Dataset) -> Iterator[Problem]:
    """At least one outcome of interest is reported for retreated patients."""
    wanted = terms(d, "eligible_outcome")
    if not wanted:
        return
    rows = d.outcomes
    wanted = [code for code in wanted if code in VOCABULARY.outcomes]
    of_interest = (rows["use"] == "synthesis") & rows["outcome"].isin(wanted)
    reported = (rows["status"] != "not reported") | (rows["kind"] == "bound")
    has, told = (rows.loc[chosen.fillna(False), "study_id"]
                 for chosen in (of_interest, of_interest & reported))
    codes = ", ".join(wanted)
    yield from _unmet(d, ~d[T]["study_id"].isin(has), "study_id", "eligible_outcome",
                      "{study_id} has no row for an outcome of interest",
                      f"add one to outcomes.csv ({codes}), or leave the study out; hazard ratios "
                      "and rates at a time are kept beside it and are none")
    yield from flag(d, T, d[T]["study_id"].isin(has) & ~d[T]["study_id"].isin(told), "study_id",
                    "eligibility not known",
                    "every outcome of interest of {study_id} is not reported, so that it gives the "
                    "review nothing", f"look for one in the reports ({codes}), or leave the study "
                    "out", WARNING)


def design(d: Dataset) -> Iterator[Problem]:
    """The design is one of the eligible ones; real-world studies are observational."""
    wanted = terms(d, "design")
    if not wanted:
        return
    given = d[T]["design"].astype("string")
    yield from _unmet(d, ~given.replace(DESIGN_CATEGORIES).isin(wanted), "design", "design",
                      "{design} is no eligible design", f"eligible are {', '.join(wanted)}")


def anti_cd38(d: Dataset) -> Iterator[Problem]:
    """The retreatment contains an anti-CD38 antibody."""
    wanted = terms(d, "anti_cd38")
    rows = d["arms"]
    if not wanted:
        return
    named = rows["regimen"].str.contains("|".join([*wanted, "anti-CD38"]), case=False)
    yield from flag(d, "arms", (rows["therapy"] == "retreatment") & ~named, "regimen",
                    "eligibility", "a retreatment without an anti-CD38 antibody: {regimen}",
                    f"name the antibody ({', '.join(wanted)}), or correct therapy",
                    d.lenient("arms"))


def _unmet(d: Dataset, wrong: pd.Series, field: str, check: str, message: str, remedy: str,
           **more: pd.Series) -> Iterator[Problem]:
    frozen = d.frozen(T)
    shown = f"kept, as the edition is frozen; see claim {CLAIMS[check]}"
    yield from flag(d, T, wrong & frozen, field, "eligibility", message, shown, WARNING, **more)
    yield from flag(d, T, wrong & ~frozen, field, "eligibility", message, remedy, **more)


RULES = (retreated_share, retreated_count, eligible_outcome, design, anti_cd38)
