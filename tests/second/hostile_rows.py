"""Texts that would act on a reader, a program or a page, for the cells of a contributed study."""

from pathlib import Path

import pandas as pd

# HTML, Markdown, a shortcode, inline code, mathematics, TeX, Typst, Jinja, an address that runs, a
# citation, a fence, a handler
PAYLOAD = ("<script>alert(1)</script> **b** {{< include x >}} `{python} 1/0` $x^2$ \\input{x} "
           "#read(/etc/passwd) {{ 7*7 }} [l](javascript:alert(1)) @hazel2020 ::: "
           "<img src=x onerror=x()> &lt;i&gt; &#60; ```{=html}")
PLACES = ("studies.regimen", "studies.note", "arms.population", "arms.label", "outcomes.note",
          "outcomes.locator", "reports.label")


def put_into(folder: Path) -> None:
    """Writes the payload, with its place, into every text of a new study, and a script into the
    title that is cited."""
    for place in PLACES:
        table, field = place.split(".")
        path = folder / f"{table}.csv"
        rows = pd.read_csv(path, dtype="string")
        rows[field] = f"{PAYLOAD} ({place})"
        rows.to_csv(path, index=False)
    path = folder / "references.bib"
    text = path.read_text("utf-8")
    assert "{A brace after an ankle sprain}" in text
    path.write_text(text.replace("{A brace after an ankle sprain}",
                                 "{A <script>alert(2)</script> brace}"), "utf-8")
