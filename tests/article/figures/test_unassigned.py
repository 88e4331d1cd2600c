"""Rows of a panel that may be one of several studies."""

from article.contents import CONTENTS
from review.audit import displays


def test_what_is_not_known_of_one_candidate_is_not_known_of_the_row(published):
    """Of a new report of one of them nothing may be known: then no limits hold for the row."""
    outcomes = published.outcomes.copy()
    outcomes.loc[outcomes["outcome_id"] == "mammoth-dara-based-pfs",
                 ["bound_low", "bound_high"]] = None
    r = published.with_tables(outcomes=outcomes)
    made = displays.builder(CONTENTS, "fig-rwe-pfs")(r)
    rows = made.rows[made.rows["outcome_id"].str.contains(" or mammoth")]
    assert len(rows) == 3
    assert set(rows["mark"]) == {"unknown"} and set(rows["detail"]) == {"nothing known"}
    said = made.alt.partition("Not in the text: ")[2].partition(". ")[0]
    assert said.count("EMMY or MAMMOTH (") == len(rows), made.alt
