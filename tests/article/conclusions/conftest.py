"""Reviews that differ from the published edition by one study or one cell."""

import pandas as pd
import pytest

from review.dataset.load import Review
from review.dataset.schema import ROW


@pytest.fixture
def grown():
    """grown(r, "pfs", "clinical", value=10.7): `r` with one more study with one result."""

    def grow(r: Review, outcome: str, setting: str, study: str = "Newcomer 2026", **cells):
        key = study.lower().replace(" ", "-")
        results = r.outcomes[(r.outcomes["outcome"] == outcome)
                             & (r.outcomes["use"] == "synthesis")]
        like = r.arms.set_index("arm_id").loc[results["arm_id"], "study_id"]
        owner = next(s for s in like if s in set(
            r.studies.loc[r.studies["setting"] == setting, "study_id"]))
        arm = r.arms[r.arms["study_id"] == owner].iloc[[0]]
        blank = dict.fromkeys(("value", "printed", "bound_low", "bound_high", "time_zero",
                               "figure", "figure_row", "figure_row_options"), pd.NA)
        given = {"status": "value", "kind": "reported", **blank, **cells}
        if "value" in cells:
            given.setdefault("printed", pd.NA)
            given["printed"] = str(cells.get("printed", cells["value"]))
        row = results.iloc[[0]].assign(outcome_id=f"{key}-{outcome}", arm_id=f"{key}-arm", **given)
        return r.with_tables(
            studies=_more("studies", r.studies, r.studies[r.studies["study_id"] == owner].assign(
                study_id=key, label=study)),
            arms=_more("arms", r.arms, arm.assign(arm_id=f"{key}-arm", study_id=key,
                                                  therapy="retreatment")),
            outcomes=_more("outcomes", r.outcomes, row),
        )

    return grow


@pytest.fixture
def without():
    """without(r, mask): `r` without the outcomes that the mask names."""
    return lambda r, mask: r.with_tables(outcomes=r.outcomes[~mask].reset_index(drop=True))


def _more(table: str, frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with one row more, under its own name."""
    rows = rows.assign(**{ROW: f"{table}/{rows[rows.columns[0]].item()}"})
    more = pd.concat([frame, rows.astype(object)], ignore_index=True)
    return more.astype(frame.dtypes.to_dict())
