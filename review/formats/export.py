"""Every open format by name: what it is, what its file is called and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from review.dataset.load import Review
from review.formats import crate, csl, manifest, metafor, prov
from review.formats.names import ABOUT, CLAIMS, CRATE, CSL, META, PROV


@dataclass(frozen=True)
class Format:
    """A format. file: what its file is called beside the report. text: makes the whole file of an
    edition; it writes nothing."""

    file: str
    text: Callable[[Review], str]

    @property
    def about(self) -> str:
        """What it is, in words."""
        return ABOUT[self.file]


FORMATS = {
    "claims": Format(CLAIMS, manifest.text),
    "prov": Format(PROV, prov.text),
    "metafor": Format(META, metafor.text),
    "csl-json": Format(CSL, csl.text),
    "ro-crate": Format(CRATE, crate.text),
}
