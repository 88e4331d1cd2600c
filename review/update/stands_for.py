"""What stands in a cell in the place of a number, and where each part of it belongs.

A form that was printed is copied as it is by whoever fills in the cell. Each kind has its remedy:
a word for why there is no number, a limit, a number that is given roughly, several numbers, a
number with its unit or with the mark of a footnote.
"""

from __future__ import annotations

import re

from review.checks.notations import ROUGHLY

NUMBER = r"\d+(?:[.,\u00b7]\d+)*"
NO_NUMBER = "{!r} says why there is no number"
KINDS = (
    (r"n\.?/?y?\.?r\.?|not (?:yet )?(?:reached|attained)|\u221e|inf(?:inity)?", NO_NUMBER,
     "leave the cell empty and write not reached into the status beside it (ci_high_status for the "
     "upper limit of an interval, not estimable into ci_status where neither limit has a number), "
     "or not reported if NR stands for that"),
    (r"n\.?/?[ec]\.?|not (?:estimable|evaluable|calculable)|undefined", NO_NUMBER,
     "leave the cell empty and write not estimable into the status beside it"),
    (r"n\.?/?a\.?|n\.?/?d\.?|[-\u2010-\u2015\u2212]+|\?|\.\.\.|\u2026|nan|none|null|missing|unknown"
     r"|not (?:reported|available|stated|given|known)", NO_NUMBER,
     "leave the cell empty and write not reported into the status beside it"),
    (r"(?:[<>\u2264\u2265]=?|up to|at (?:least|most)|(?:more|less) than|over|under|>>?|<<?)\s*\d.*"
     rf"|{NUMBER}\s*\+", "{!r} is a limit",
     "leave the cell empty and write the limit into bound_low or bound_high, bound into kind and "
     "not reported into status; at the end of a range write the number alone, and keep the sign in "
     "printed"),
    (rf"{ROUGHLY}\s*{NUMBER}.*", "{!r} is given roughly",
     "write the number alone, what is printed into printed, and into note that the source gives it "
     "roughly"),
    (rf"{NUMBER}[^\d]*[(\[/\u00b1\u2010-\u2015\u2212-]\D*{NUMBER}.*|{NUMBER} (?:or|to|of|and) "
     rf"{NUMBER}.*", "{!r} holds more than one number",
     "write one number a cell: the limits of an interval into ci_low and ci_high, a count and its "
     "total into n and n_total; of a range without a value the ends are bound_low and bound_high, "
     "with kind bound"),
    (rf"{NUMBER}\s*[^\d.,\s].*", "{!r} is a number with something after it",
     "write the number alone: its unit belongs into unit, the mark of a footnote into printed, and "
     "what the footnote says into note"),
)
COMPILED = [(re.compile(form, re.IGNORECASE), message, remedy) for form, message, remedy in KINDS]


def told(cell: str) -> tuple[str, str] | None:
    """What a cell says in the place of a number, and what to do; None where it is a number, or
    where no kind fits."""
    for form, message, remedy in COMPILED:
        if form.fullmatch(cell):
            return message.format(cell), remedy
    return None
