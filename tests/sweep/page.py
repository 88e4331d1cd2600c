"""What the chapters show of an edition: the only part of the sweep that asks the project itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from review.audit import conclusions, displays
from review.dataset.load import Review, load
from review.dataset.views import as_records
from review.report import caveats, characteristics, edition, outcomes, sentences, studies

PARAGRAPHS = [("pfs", "clinical"), ("os", "clinical"), ("orr", "clinical"), ("pfs", "rwe"),
              ("os", "rwe"), ("orr", "rwe"), ("cr_or_better", "rwe")]
RANGES = [(code, setting) for code in ("follow_up", "prior_lines")
          for setting in ("clinical", "rwe")]


def shown(folder: Path, name: str, drawn: bool = True) -> dict[str, Any]:
    """Texts as Markdown, rows and words of figures, rows and HTML of tables, all by name.

    drawn: whether figures are drawn as well. What raises stands as its error in "failed".
    """
    r = load(name, folder)
    page: dict[str, Any] = {"texts": {}, "figures": {}, "drawings": {}, "alts": {},
                            "findings": {}, "tables": {}, "studies": {}, "history": {},
                            "failed": {}}
    for part, make in _texts(r).items():
        _keep(page, "texts", part, make)
    _keep(page, "studies", "index", lambda: studies.index(r))
    _keep(page, "studies", "sections", lambda: studies.sections(r))
    _keep(page, "history", "what changed", lambda: edition.what_changed(r))
    for label in displays.labels(r.contents):
        if label.startswith("fig-"):
            made = displays.builder(r.contents, label)
            _keep(page, "figures", label, lambda made=made: made.rows(r))
            if label not in page["figures"]:
                continue
            rows = page["figures"][label]
            _keep(page, "alts", label, lambda made=made, rows=rows: made.describe(rows))
            if made.finding:
                _keep(page, "findings", label, lambda made=made, rows=rows: made.finding(rows))
            if drawn:
                _keep(page, "drawings", label, lambda made=made, rows=rows: _words(made.draw(rows)))
            page["figures"][label] = as_records(rows)
        else:
            _keep(page, "tables", label, lambda label=label: displays.builder(
                r.contents, label)(r).artist.as_raw_html())
    return page


def text(folder: Path, name: str, part: str) -> str:
    """One text of an edition, as Markdown."""
    made: str = _texts(load(name, folder))[part]()
    return made


def _texts(r: Review) -> dict[str, Any]:
    texts = {f"outcome {code} {setting}": lambda code=code, setting=setting: outcomes.paragraph(
        r, code, setting) for code, setting in PARAGRAPHS}
    texts |= {f"tell {name}": lambda name=name: sentences.tell(name, r)
              for name in sentences.sentences(r.contents)}
    texts |= {f"say {name}": lambda name=name: conclusions.say(name, r)
              for name in conclusions.headlines(r.contents)}
    texts |= {f"range {code} {setting}": lambda code=code, setting=setting:
              characteristics.range_sentence(r, code, setting) for code, setting in RANGES}
    return texts | {
        "own search": lambda: edition.own_search(r),
        "status line": lambda: edition.status_line(r),
        "how to cite": lambda: edition.how_to_cite(r),
        "not published": lambda: caveats.not_published(r),
    }


def _keep(page: dict[str, Any], part: str, name: str, make: Any) -> None:
    try:
        page[part][name] = make()
    except Exception as error:  # whatever is raised is what the reader of the page would get
        page["failed"][f"{part} {name}"] = f"{type(error).__name__}: {error}"


def _words(drawing: Any) -> list[str]:
    return [text.get_text() for axes in drawing.axes for text in axes.texts if text.get_text()]
