"""Checks of values of keys and options: what is wrong with a value, "" for one in order.

A message goes on after the name of the key: "`toc-depth: deep` must be a whole number above 0".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .words import WORDS

Check = Callable[[Any], str]
"""What is wrong with a value and what to write instead; "" for a value in order."""


def written(value: Any) -> str:
    """A value as it stands in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def boolean(value: Any) -> str:
    """Check for true or false."""
    return choice(True, False)(value)


def choice(*allowed: Any) -> Check:
    """A check for one of a few values. ``True`` and ``1`` are different values."""
    def check(value: Any) -> str:
        if any(type(value) is type(one) and value == one for one in allowed):
            return ""
        some = "one of " if len(allowed) > 1 else ""
        return f"must be {some}{', '.join(map(written, allowed))}"
    return check


def text(value: Any) -> str:
    """Check for one text (or a number that YAML reads from it)."""
    if isinstance(value, bool):
        return "must be a text; put it into quotes if it is one"
    return "must be one text, not a list or keys" if isinstance(value, (list, dict)) else ""


def paragraph(value: Any) -> str:
    """Check for a text without an empty line in it."""
    return text(value) or ("must be one paragraph, without an empty line"
                           if "\n\n" in str(value).strip() else "")


def texts(value: Any) -> str:
    """Check for a text or a list of texts."""
    every = value if isinstance(value, list) else [value]
    return "must be a text or a list of texts" if any(map(text, every)) else ""


def inside(value: Any) -> str:
    """Check for names of files and patterns within the project."""
    every = value if isinstance(value, list) else [value]
    if fault := texts(value):
        return fault
    out = [one for one in map(str, every) if ".." in re.split(r"[\\/]", one)]
    return f"leaves the project by `{out[0]}`; put the file into it" if out else ""


def file_name(value: Any) -> str:
    """Check for the name of a document, to which its kind is added."""
    if fault := text(value):
        return fault
    if re.search(r"[\\/]", str(value)):
        return "must be a name without folders; `project.output-dir` has the folder"
    return "must be without `.pdf`, which is added" if str(value).lower().endswith(".pdf") else ""


def words(value: Any) -> str:
    """Check for Markdown of the title page."""
    if fault := text(value):
        return fault
    if "{{<" in str(value):
        return "holds a shortcode, which is not supported; write what it would put in"
    return "holds inline code, which is not run there; write its value" if (
        "`{python}" in str(value)) else ""


def whole_number(value: Any) -> str:
    """Check for a whole number above zero."""
    right = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return "" if right else "must be a whole number above 0"


def keys_and_values(value: Any) -> str:
    """Check for a section."""
    return "" if isinstance(value, dict) else "must hold keys and values"


def anything(_: Any) -> str:
    """No check: the value is not used, or is checked where it is."""
    return ""


def a_list(value: Any) -> str:
    """Check for a list."""
    return "" if isinstance(value, list) else "must be a list"


def formats(value: Any) -> str:
    """Check for a format by its name, or a section of formats."""
    if isinstance(value, str):
        return choice("html", "typst")(value)
    return "" if isinstance(value, dict) else "must hold `html` or `typst`"


def one_format(value: Any) -> str:
    """Check for the options of a format, or `default`."""
    return "" if value == "default" or isinstance(value, dict) else "must hold keys and values"


def author(value: Any) -> str:
    """Check for names of authors without more, which would not be printed."""
    for one in value if isinstance(value, list) else [value]:
        more = [str(key) for key in one if key != "name"] if isinstance(one, dict) else []
        if more:
            return f"has {', '.join(f'`{key}`' for key in more)}, which is not printed; give names"
    return ""


def kernel(value: Any) -> str:
    """Check for the one kernel, as a name or as `kernelspec`."""
    if isinstance(value, dict):
        spec = value.get("kernelspec")
        value = spec.get("name") if isinstance(spec, dict) and set(value) == {"kernelspec"} else ""
    return "" if value == "python3" else "must be python3: cells run with this very Python"


def language(value: Any) -> str:
    """Check for a language whose words are known."""
    if fault := text(value):
        return fault
    known = ", ".join(WORDS)
    return "" if str(value).split("-")[0] in WORDS else f"is not known here; known are {known}"


def column(value: Any) -> str:
    """Check for a place on the page; there is no margin."""
    names = ("body", "page", "screen")
    return "" if str(value).startswith(names) else "must be body, page or screen: no margin here"


def width(value: Any) -> str:
    """Check for a length or a share."""
    right = re.fullmatch(r"\d+(\.\d+)?(%|px|pt|cm|mm|in|em)", str(value))
    return "" if right else "must be a number with %, px, pt, cm, mm, in or em"


def fixed_date(value: Any) -> str:
    """Check for a date that is the same in every render."""
    if str(value) in ("today", "now", "last-modified"):
        return "changes with every render; write the date"
    if re.fullmatch(r"\d{4}-\d\d?-\d\d?", str(value)):
        try:
            datetime.strptime(str(value), "%Y-%m-%d")
        except ValueError:
            return "is no day of the calendar; write it as year-month-day"
    return text(value)


def book(value: Any) -> str:
    """Check for the one type of project."""
    return "" if value == "book" else "must be book"
