"""Table 1: each row against what the rest of the article says of it."""

from __future__ import annotations

import pandas as pd

from article.claims.cells import row
from review.audit.answers import Answer, NoValue, Truth, count, keys, refs
from review.audit.printed import printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups


@claim("T1-01")
def lesokhin_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of Lesokhin 2023, from the typed cells.

    The prior lines are an eligibility limit, no median, and answer as one.
    """
    return row(r, "lesokhin-2023")


@claim("T1-02")
def icaria_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of ICARIA-MM, from the typed cells.

    The text gives the follow-up a second time, beside progression-free survival.
    """
    return row(r, "icaria-mm")


@claim("T1-03")
def icaria_row_describes_retreatment(r: Review) -> Truth:
    """Every arm that the footnote of the ICARIA-MM row names gave an anti-CD38 antibody before the
    daratumumab, as section 2.2 asks of retreated patients.

    Patients of an arm without one met their first such antibody with the later daratumumab.
    """
    notes = r.footnotes[r.footnotes["study_id"] == "icaria-mm"]
    if notes.empty:
        raise NoValue("no footnote on the ICARIA-MM row")
    arms = notes["text"].iloc[0].partition(": ")[2].rstrip(".").split(", or ")
    without = [arm for arm in arms if "isatuximab" not in arm and "daratumumab" not in arm]
    described = groups(r, "pfs", "clinical", use=None)
    described = described[described["study_id"] == "icaria-mm"]
    return Truth(not without, rows=keys(notes) + keys(described), because=(
        f"arms named: {'; '.join(arms)}. Without an anti-CD38 antibody: "
        f"{'; '.join(without) or 'none'}. The text describes {'; '.join(described['population'])}"))


@claim("T1-04")
def trimm_2_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of TRIMM-2, from the typed cells.

    The text repeats the follow-up, the Discussion the share. The prior lines are a limit.
    """
    return row(r, "trimm-2", **{"anti-CD38": printed_value(r, "DI-09", 2)})


@claim("T1-05")
def dara_atra_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of the daratumumab and ATRA trial.

    The text gives the follow-up a second time, beside overall survival.
    """
    return row(r, "dara-atra")


@claim("T1-06")
def fusion_row(r: Review) -> Answer:
    """Follow-up, prior lines and refractory share of FUSION-MM-005, from the typed cells."""
    return row(r, "fusion-mm-005")


@claim("T1-07")
def mikhael_row(r: Review) -> Answer:
    """Both follow-ups (overall survival has its own), prior lines and share of Mikhael 2021.

    The text gives the follow-up of overall survival a second time.
    """
    return row(r, "mikhael-2021")


@claim("T1-08")
def table_1_publications(r: Review) -> Answer:
    """Publications of Table 1 and the references they carry."""
    rows = publications(r, "clinical")
    return together(count(rows, by="report_id"), refs(rows))


def publications(r: Review, setting: str) -> pd.DataFrame:
    """Reports of the studies of one table."""
    studies = r.studies.loc[r.studies["setting"] == setting, "study_id"]
    return r.reports[r.reports["study_id"].isin(studies)]
