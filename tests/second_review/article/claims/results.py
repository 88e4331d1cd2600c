"""Statements of the results."""

from review.audit.answers import Answer, Number, Reading, count, keys, several, span
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known


@claim("RE-01")
def studies(r: Review) -> Answer:
    """Studies counted, in all and by setting."""
    rows = r.studies
    parts = [rows, *(rows[rows["setting"] == code] for code in r.contents.vocabulary.settings)]
    return several(*(count(part, by="label") for part in parts))


@claim("RE-02")
def recovery_in_hospitals(r: Review) -> Answer:
    """Smallest and largest median of the groups given a brace; one not reached has none."""
    return span(known(groups(r, "recovery", "hospital")))


@claim("RE-03")
def improved_in_the_community(r: Review) -> Answer:
    """Smallest and largest share of the groups given a brace."""
    return span(known(groups(r, "improved", "community")))


@claim("RE-04")
def patients(r: Review) -> Answer:
    """Sum of the sizes of all groups."""
    braced = r.arms[r.arms["therapy"] == r.contents.vocabulary.therapy]
    every, some = (Number(int(rows["n_total"].sum()), rows=keys(rows),
                          because=" + ".join(rows["n_total"].astype(str)))
                   for rows in (r.arms, braced))
    return Reading(every, "Groups given a brace alone.", some, rows=keys(r.arms))
