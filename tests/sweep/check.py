"""The checker: every text, figure row and table cell of a page against the CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import conclusion_text
import other_text
import outcome_text
from reading import Edition
from words import Differs

TEXTS = {**outcome_text.CHECKS, **other_text.CHECKS, **conclusion_text.CHECKS}


def differences(page: dict[str, Any], folder: Path, edition: str) -> list[str]:
    """What a page says otherwise than the rows, and what could not be made at all."""
    e = Edition(folder, edition)
    found = [f"{name}: {error}" for name, error in page["failed"].items()]
    for part, checks in (("texts", TEXTS),):
        for name, check in checks.items():
            if name not in page[part]:
                if not any(one.endswith(name) for one in page["failed"]):
                    found.append(f"{part} {name}: not on the page")
                continue
            try:
                check(page[part][name], e)
            except Differs as difference:
                found.append(f"{name}: {difference}")
        found += [f"{part} {name}: nothing checks it" for name in page[part] if name not in checks]
    return found
