"""Sentences of the synthesis, each built for the edition rendered."""

from __future__ import annotations

import pandas as pd

from article.figures.maturity import SAME, maturity_rows
from article.figures.response import response_rows
from article.synthesis.contrasts import allotted_by_chance
from article.vocabulary import VOCABULARY
from review.audit.conclusions import Link
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.states import LIMITS, VALUE
from review.dataset.views import described, results
from review.markdown import escape, pipe_table
from review.report.sentences import sentence
from review.synthesis.gate import LEAST_GROUPS
from review.synthesis.identified import identified
from review.synthesis.knowledge import MEANING, knowledge
from review.synthesis.pooling import strata
from review.wording import amount, capital, counted, listed, patients, share, word

SETTINGS = VOCABULARY.settings


@sentence("synthesis-classes")
def classes(r: Review, link: Link) -> str:
    """How many groups that report a response rate are in each class of knowledge."""
    letters = response_rows(r)["class"].value_counts()
    total = int(letters.sum())
    if not total:
        return "No group reports a response rate."
    counts = {letter: int(letters.get(letter, 0)) for letter in MEANING}
    parts = [f"{word(n)} {'is' if n == 1 else 'are'} in class {letter} ({MEANING[letter]})"
             for letter, n in counts.items()]
    return f"Of {counted(total, 'group', 'groups')} with a response rate, {listed(parts)}."


@sentence("synthesis-gate")
def gate_state(r: Review, link: Link) -> str:
    """In which strata the gate to a pooled response rate is open."""
    found = [(setting, one) for setting in SETTINGS
             for one in strata(outcome_rows(r, "orr", setting))]
    rule = (f"A stratum is pooled only where at least {word(LEAST_GROUPS)} of its groups, and at "
            "least two thirds of them, are in class A or B, and none of these is known as the end "
            "of a range: as the lowest or highest rate that a document names, while it leaves "
            "rates of other groups to a drawing.")
    if not found:
        return f"{rule} No stratum reports a response rate."
    opened = [f"{escape(one.name)} ({SETTINGS[setting].many})" for setting, one in found
              if one.gate.open]
    n = len(found)
    if not opened:
        state = "the one stratum" if n == 1 else f"all {word(n)} strata"
        return f"{rule} The gate is closed in {state}, and no pooled rate is shown."
    verb = "is" if len(opened) == 1 else "are"
    return f"{rule} {capital(listed(opened))} {verb} open: {word(len(opened))} of {word(n)} strata."


@sentence("synthesis-identified")
def identified_sets(r: Review, link: Link) -> str:
    """The crude response rate of all patients of a setting, as far as the rows identify it."""
    told = []
    for setting, noun in SETTINGS.items():
        found = identified(map(knowledge, outcome_rows(r, "orr", setting).records))
        limits = found.percent
        if limits is None:
            told.append(f"For {noun.many} it is not bounded, as no size is known.")
            continue
        events = f"{found.least:,} of" if found.least == found.most else \
            f"between {found.least:,} and {found.most:,} of"
        rate = f"{limits[0]:.1f}%" if found.least == found.most else \
            f"{limits[0]:.1f} to {limits[1]:.1f}%"
        left = "" if not found.unsized else \
            f"; {counted(found.unsized, 'group', 'groups')} without a known size left out"
        told.append(f"In {counted(found.groups, 'group', 'groups')} of {noun.many} {events} "
                    f"{patients(found.patients)} responded: {rate}{left}.")
    return " ".join(told)


@sentence("synthesis-interval-forms")
def interval_forms(r: Review, link: Link) -> str:
    """What the reported intervals of medians look like."""
    rows = maturity_rows(r)
    forms = rows.loc[rows["form"] != "not known", "form"].value_counts(sort=False)
    unknown = int((rows["form"] == "not known").sum())
    if not len(rows):
        return "No median of a retreated group is known."
    if forms.empty:
        return f"No interval is known for {counted(unknown, 'median', 'medians')}."
    parts = [f"{word(int(n))} {'is' if n == 1 else 'are'} {form}" for form, n in forms.items()]
    rest = f" For {counted(unknown, 'median', 'medians')} none is known." if unknown else ""
    n = int(forms.sum())
    return f"Of {counted(n, 'reported interval', 'reported intervals')}, {listed(parts)}.{rest}"


@sentence("synthesis-clocks")
def clocks(r: Review, link: Link) -> str:
    """The known medians that have no place in the plot of maturity, with the reason."""
    rows = maturity_rows(r)
    others = rows[rows["clock"] != SAME]
    if others.empty:
        return "Every known median of a retreated group is in the plot."
    told = []
    for clock, part in others.groupby("clock", sort=False):
        several = part.duplicated(["study", "outcome"], keep=False)
        names = [f"{escape(str(row.study))} ({VOCABULARY.outcome_label(str(row.outcome))}, "
                 + (f"group “{escape(str(row.arm))}”, " if twice else "")
                 + f"{amount(row.value, 'months', row.text)})"
                 for row, twice in zip(part.itertuples(), several, strict=True)]
        told.append(f"{word(len(part))} with {clock}, {listed(names)}")
    return (f"Not in the plot {'is' if len(others) == 1 else 'are'} "
            f"{counted(len(others), 'median', 'medians')}: {'; '.join(told)}.")


@sentence("contrasts-caution")
def contrasts_caution(r: Review, link: Link) -> str:
    """Why the directions of the comparisons are not counted."""
    chance = listed([escape(name) for name in allotted_by_chance(r)])
    groups = f"the groups were not allotted by chance, except in {chance}" if chance else \
        "the groups were not allotted by chance"
    return (f"The directions are not counted, and no test is made of them: {groups}, some overlap, "
            "and a count of directions says nothing of size.")


@sentence("lynx-place")
def lynx_place(r: Review, link: Link) -> str:
    """Where LYNX stands, which the article quotes as a trial outside the review."""
    return "a randomised trial of this edition" if "LYNX" in set(r.studies["label"]) else \
        "a randomised trial outside the review"


@sentence("synthesis-overlaps")
def overlaps(r: Review, link: Link) -> str:
    """Which included studies may share patients."""
    rows = r.overlaps[r.overlaps["study_id"].isin(r.studies["study_id"])]
    # a study that is left alone of its cohort shares patients with no other that is included
    rows = rows[rows.groupby("cohort")["study_id"].transform("nunique") > 1]
    labels = r.studies.set_index("study_id")["label"]
    if rows.empty:
        return "No overlap of patients between the included studies is known."
    told = []
    for cohort, part in rows.groupby("cohort", sort=False):
        names = listed([escape(str(labels[key])) for key in part["study_id"]])
        told.append(f"{escape(str(cohort))} ({names}; {part['certainty'].iloc[0]})")
    return f"Overlaps of patients are known or suspected in these cohorts: {listed(told)}."


@sentence("synthesis-free-interval")
def free_interval(r: Review, link: Link) -> str:
    """What is known of the time between the earlier antibody and the retreatment."""
    rows = results(r)
    rows = rows[(rows["outcome"] == "time_to_retreatment") & (rows["state"] == VALUE)
                & (rows["use"] == "synthesis")]
    told = [f"{escape(str(row['study']))}, a median of "
            f"{amount(row['value'], row['unit'], row['printed'])} in "
            f"“{escape(str(row['arm']))}”{_of_patients(row)}{_range_of(row)}"
            for row in rows.to_dict("records")]
    times = described(r)
    times = times[(times["characteristic"] == "time_off_anti_cd38") & (times["state"] == VALUE)]
    told += [f"{escape(str(row['study']))}, a {row['statistic']} of "
             f"{amount(row['value'], row['unit'], row['printed'])} off the antibody"
             for row in times.to_dict("records")]
    if not told:
        return "No study gives the time between the earlier antibody and the retreatment."
    studies = len({*rows["study_id"], *times["study_id"]})
    return (f"The time since the earlier antibody is known for "
            f"{share(studies, len(r.studies), 'study', 'studies')}: {'; '.join(told)}.")


def _of_patients(row: dict[str, object]) -> str:
    return "" if pd.isna(row["n_total"]) else f" ({patients(int(str(row['n_total'])))})"


def _range_of(row: dict[str, object]) -> str:
    if pd.isna(row["range_low"]) or pd.isna(row["range_high"]):
        return ""
    return f", range {row['range_low']:g} to {row['range_high']:g}"


@sentence("synthesis-proposals")
def proposals(r: Review, link: Link) -> str:
    """The studies that the article asks for, beside what the rows of this edition could test."""
    rows = results(r)
    rows = rows[rows["use"] == "synthesis"]
    known = rows[rows["state"].isin([VALUE, LIMITS])].drop_duplicates("arm_id")
    shares = int(known["refractory_percent"].notna().sum())
    randomised = int(((r.studies["design"] == "randomised")).sum())
    intervals = rows.loc[(rows["outcome"] == "time_to_retreatment") & (rows["state"] == VALUE),
                         "study_id"].nunique()
    prospective = int((r.studies["design"] == "prospective").sum())
    groups = counted(len(known), "group", "groups")
    chance = listed([escape(name) for name in allotted_by_chance(r)])
    lines = [
        ["Retreatment within and after six months",
         f"{capital(counted(int(intervals), 'study gives', 'studies give'))} the time since the "
         "earlier antibody beside a result; none gives the result by that time."],
        ["More reporting by baseline characteristics",
         f"The share of refractory patients is known for {word(shares)} of {groups} with a result "
         "or limits."],
        ["Randomised studies with and without the antibody",
         f"{counted(randomised, 'included study is', 'included studies are').capitalize()} "
         + (f"randomised; in {chance}, groups with and without retreatment were allotted by chance."
            if chance else
            "randomised; the retreated groups in them were not allotted by chance.")],
        ["Prospective confirmation of retrospective data",
         f"{counted(prospective, 'real-world study is', 'real-world studies are').capitalize()} "
         "prospective."],
        ["New combinations tested in trials designed for retreatment",
         f"The contrast within {chance} is of groups that were allotted by chance." if chance else
         "No contrast within a trial parts the antibody from its partner."],
    ]
    return pipe_table(["What the article asks for", "What the rows could test"], lines, [34, 60])
