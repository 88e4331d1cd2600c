"""The part of the page in which a reader leaves out studies: its form, and the evidence as JSON.

The script (assets/without.html) fills it in; without a script it stays hidden and the table of
single studies says as much as paper can.
"""

from __future__ import annotations

import html
import json

from review.audit import conclusions
from review.dataset.load import Review
from review.dataset.views import Record
from review.synthesis.evidence import evidence
from review.synthesis.selection import ALL, NONE, PART, UNSTATED

FILTERS = (("design", "Design", None), ("report", "Report of the result", None),
           ("refractory", "Refractory to the earlier therapy", (ALL, PART, NONE, UNSTATED)))


def widget(r: Review) -> str:
    """The form with its evidence as a raw block of HTML, for the page alone."""
    known = {**evidence(r), "titles": titles(r), "abstract": abstract(r)}
    # a label may hold anything, and <!--<script> would keep the element from ending
    data = json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (f'::: {{.content-visible when-format="html"}}\n```{{=html}}\n'
            f'<section class="without" id="without" aria-label="Without some studies" hidden>\n'
            f"{_studies(r, known)}\n{_filters(known)}\n"
            '<p><button type="button" id="without-all">All studies and results</button></p>\n'
            '<p id="without-told" role="status"></p>\n'
            '<div class="without-wide" role="group" aria-label="Ranges and headlines" '
            'tabindex="0"><table><thead><tr><th scope="col">Range or headline</th>'
            '<th scope="col">Whole edition</th><th scope="col">With this selection</th></tr>'
            '</thead><tbody id="without-rows"></tbody></table></div>\n'
            '<p>The abstract would say:</p>\n<div id="without-abstract"></div>\n'
            f'<script type="application/json" id="without-data">{data}</script>\n'
            "</section>\n```\n:::\n")


def titles(r: Review) -> dict[str, str]:
    """Names of ranges and headlines in words."""
    words = r.contents.vocabulary
    outcomes = {f"{code}-{setting}": f"{words.measure(code)}, {noun.many}"
                for code in words.outcomes for setting, noun in words.settings.items()}
    traits = {f"{code}-{setting}": f"{one.label}, {noun.many}"
              for code, one in words.characteristics.items() if one.label
              for setting, noun in words.settings.items()}
    return outcomes | traits | {
        name: head.about for name, head in conclusions.headlines(r.contents).items()}


def abstract(r: Review) -> list[Record]:
    """The sentences of an abstract on the outcomes that every study is asked for: by setting the
    words before each range."""
    words = r.contents.vocabulary
    return [{"start": f"In the {noun.many}, ",
             "parts": [{"words": _inside(words.measure(code)), "range": f"{code}-{setting}"}
                       for code, one in words.outcomes.items() if one.asked]}
            for setting, noun in words.settings.items()]


def _inside(measure: str) -> str:
    """A measure as it stands inside a sentence: "median PFS", and ORR as it is."""
    return measure[0].lower() + measure[1:] if measure.startswith("Median") else measure


def _studies(r: Review, known: Record) -> str:
    parts = []
    for setting, noun in r.contents.vocabulary.settings.items():
        boxes = "\n".join(_box("study", one["id"], one["label"]) for one in known["studies"]
                          if one["setting"] == setting)
        if boxes:
            parts.append(f"<fieldset><legend>{html.escape(noun.title)}</legend>\n{boxes}\n"
                         "</fieldset>")
    return "\n".join(parts)


def _filters(known: Record) -> str:
    parts = []
    for name, legend, order in FILTERS:
        there = dict.fromkeys(row[name] for row in known["rows"] if row[name] is not None)
        values = [one for one in order if one in there] if order else list(there)
        boxes = "\n".join(_box(name, value, value) for value in values)
        parts.append(f"<fieldset><legend>{legend}</legend>\n{boxes}\n</fieldset>")
    parts.append("<fieldset><legend>Size</legend>\n<label>leave out results of fewer than "
                 '<input type="number" id="without-smallest" min="0" step="1" value="0"> '
                 "patients</label>\n</fieldset>")
    return "\n".join(parts)


def _box(name: str, value: str, label: str) -> str:
    return (f'<label><input type="checkbox" checked name="without-{name}" '
            f'value="{html.escape(value)}"> {html.escape(label)}</label>')
