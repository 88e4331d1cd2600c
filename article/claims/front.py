"""Claims of the front matter."""

from __future__ import annotations

from review.audit.answers import Answer, Count, NotRecomputable, Text, keys, several
from review.audit.registry import claim
from review.dataset.load import Review


@claim("FM-01")
def dates_of_the_article(r: Review) -> Answer:
    """The dates are printed once; the days between them are set beside."""
    rows = r.facts.set_index("fact_id").loc[["date-received", "date-accepted", "date-published"]]
    dates = rows["text"].astype("datetime64[s]")
    gaps = dates.diff().dt.days.dropna().astype(int).tolist()
    beside = Text(f"{gaps[0]} days to acceptance, {gaps[1]} more to publication")
    return NotRecomputable("not published", "printed once on the first page", beside,
                           rows=keys(rows.reset_index()))


@claim("FM-02")
def authors_and_affiliations(r: Review) -> Answer:
    """Names in the author list, and distinct affiliation numbers behind them."""
    numbers = {n for printed in r.authors["affiliations"] for n in printed.split(";")}
    return several(
        Count(len(r.authors), tuple(r.authors["name"]), rows=keys(r.authors)),
        Count(len(numbers), rows=keys(r.authors)),
        because=f"{len(r.authors)} names with the affiliation numbers "
                f"{', '.join(sorted(numbers, key=int))}")
