"""Makes the page's fonts from the foundry's own: the signs that a report may need, as WOFF2.

    python assets/webfonts/subset.py FOLDER     needs fonttools and brotli

FOLDER holds the unpacked packages `source-serif` 4.5.1, `source-sans` 3.52.0 and
`source-code-pro` 2.42.0 of the npm registry; their TrueType files are looked for in it. Writes
the fonts beside this file and `assets/webfonts.css`, which names them. The licence keeps the name
of the originals for the originals, so the subsets have names of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
STYLES = [
    # file of the foundry, our family, weight, style
    ("SourceSerif4-Regular", "Report Serif", 400, "normal"),
    ("SourceSerif4-It", "Report Serif", 400, "italic"),
    ("SourceSerif4-Semibold", "Report Serif", 600, "normal"),
    ("SourceSans3-Regular", "Report Sans", 400, "normal"),
    ("SourceSans3-It", "Report Sans", 400, "italic"),
    ("SourceSans3-Semibold", "Report Sans", 600, "normal"),
    ("SourceCodePro-Regular", "Report Mono", 400, "normal"),
]
STACKS = {
    "serif": '"Report Serif", "Report Sans", Georgia, serif',
    "sans": '"Report Sans", system-ui, Arial, sans-serif',
    "mono": '"Report Mono", "Report Sans", ui-monospace, Consolas, monospace',
}
# Latin with the accents of European names, small Greek, punctuation, signs of statistics and arrows
SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), *range(0x3B1, 0x3CA),
    *map(ord, "\u2010\u2011\u202f\u2060–—‘’‚“”„†‡•…‰′″‹›⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉€™←↑→↓−√∞≈≠≤≥"),
    *map(ord, "■□▲△▶▼◀◆○●✓✗"),
]
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "tnum", "pnum", "lnum"]


def made(source: Path, family: str, style: str) -> TTFont:
    """The font of a file with our signs alone, under the name of our family."""
    font = TTFont(source)
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True,
                      name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=SIGNS)
    subsetter.subset(font)
    full = f"{family} {style}"
    for number, text in ((1, family), (4, full), (6, full.replace(" ", "-"))):
        font["name"].setName(text, number, 3, 1, 0x409)
    font.flavor = "woff2"
    return font


def ranges(codes: Iterable[int]) -> Iterator[str]:
    """Code points as CSS writes them, neighbours together: U+20-7E."""
    run: list[int] = []
    for code in [*sorted(codes), -1]:
        if run and code != run[-1] + 1:
            yield f"U+{run[0]:X}" + (f"-{run[-1]:X}" if len(run) > 1 else "")
            run = []
        run.append(code)


def main() -> int:
    """Write all fonts and their style sheet."""
    if len(sys.argv) != 2:
        print("Name the folder with the unpacked packages.", file=sys.stderr)
        return 2
    rules = ["/* Written by webfonts/subset.py: the page's own fonts, alike on every machine. */"]
    for name, family, weight, slant in STYLES:
        found = sorted(Path(sys.argv[1]).rglob(f"{name}.ttf"))
        if not found:
            print(f"{name}.ttf is not in {sys.argv[1]}; unpack its package there", file=sys.stderr)
            return 1
        font = made(found[0], family, name.partition("-")[2])
        slug = family.lower().replace(" ", "-")
        file = f"{slug}-{weight}{'i' if slant == 'italic' else ''}.woff2"
        font.save(HERE / file)
        rules.append(f'@font-face {{\n  font-family: "{family}"; font-weight: {weight}; '
                     f'font-style: {slant}; font-display: swap;\n'
                     f'  src: url(webfonts/{file}) format("woff2");\n'
                     f"  unicode-range: {', '.join(ranges(font.getBestCmap()))};\n}}")
    stacks = " ".join(f"--{kind}: {stack};" for kind, stack in STACKS.items())
    rules.append(f":root {{ {stacks} }}")
    (HERE.parent / "webfonts.css").write_text("\n".join(rules) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
