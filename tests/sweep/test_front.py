"""The sentences of the first page on rows that give them their other forms."""

import front_text
import made
import page
import pytest
from reading import Edition
from words import Differs

from review.dataset import paths


def told(folder, change, name):
    """A sentence and the edition it stands in, on the published rows after `change`; the rows are
    not held against the rules, which ask that no printed value is altered."""
    tables = {table: [dict(row) for row in rows] for table, (_, rows) in made.base().items()}
    tables["outcomes"] = change(tables["outcomes"])
    data = made.Update(0, "published", tables).write(folder / "data")
    paths.remember_checked(data, paths.digest(data))
    return page.text(data, "published", name), Edition(data, "published")


def none(rows):
    return []


def read(rows):
    """Every limit as the value at its lower end."""
    return [{**row, "status": "value", "kind": "reported", "value": row["bound_low"],
             "printed": row["bound_low"], "bound_low": "", "bound_high": ""}
            if row["kind"] == "bound" and row["bound_low"] else row for row in rows]


def long(rows):
    """Every known survival and progression far above the limits."""
    return [{**row, "value": "99", "printed": "99"}
            if row["outcome"] in ("pfs", "os") and row["value"] else row for row in rows]


def near(rows):
    """Every known response rate the same."""
    return [{**row, "value": "30", "printed": "30", "n": "", "n_kind": ""}
            if row["outcome"] == "orr" and row["value"] else row for row in rows]


CASES = [
    ("tell plain-pfs", read, "within 3 months in all but one of six", (
        ("within 3 months", "within 4 months"), ("all but one of six", "all six"),
        ("within 9 months", "within 8 months"), ("all nine", "all eight"),
        ("was short", "was long"), ("clinical trials", "real-world studies"))),
    ("tell plain-pfs", long, "the exceptions are", (("99 months", "98 months"),)),
    ("tell plain-os", long, "the exceptions are", (("99 months", "98 months"),)),
    ("tell plain-pfs", none, "no result is known", (("below 3 months", "below 4 months"),)),
    ("tell plain-os", none, "no result is known", (("below 20 months", "below 19 months"),)),
    ("tell plain-response", none, "No response rate is known.", (("No response", "One response"),)),
    ("tell plain-response", near, "**Known responses:** 30% of patients", (
        ("Known responses", "Responses ranged widely"), ("30%", "30 to 31%"))),
]


@pytest.mark.parametrize(("name", "change", "form", "spoilt"), CASES)
def test_a_sentence_is_read_in_its_other_forms(tmp_path, name, change, form, spoilt):
    text, e = told(tmp_path.resolve(), change, name)
    assert form in text
    front_text.CHECKS[name](text, e)
    for old, new in spoilt:
        assert old in text
        with pytest.raises(Differs):
            front_text.CHECKS[name](text.replace(old, new, 1), e)


def test_the_plain_form_does_not_stand_where_the_rows_leave_it_open(tmp_path):
    plain, _ = told(tmp_path.resolve() / "read", read, "tell plain-pfs")
    _, published = told(tmp_path.resolve() / "published", list, "tell plain-pfs")
    with pytest.raises(Differs):
        front_text.CHECKS["tell plain-pfs"](plain, published)
