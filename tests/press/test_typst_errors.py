"""Every error of Typst is told, at its line of a chapter, cell or entry."""

from press.qmd import parse
from press.typst_errors import findings

SOURCE = "= Front\n// chapter a.qmd\n\nSome words here\n"
DIAGNOSTIC = """\
error: PDF/UA-1 error: the text `"\u65e5"` could not be displayed with font `"Serif"`
  \u250c\u2500 work/paper.typ:4:0
  \u2502
4 \u2502 Some words here
  = hint: try using a different font

error: unknown variable: no-such
   = hint: mend it
"""


def test_all_errors_are_read():
    chapters = {"a.qmd": parse("# A\n\nSome *words* here\n", "a.qmd")}
    glyph, other = findings(DIAGNOSTIC, SOURCE, chapters, "paper.typ")
    assert (glyph.kind, glyph.what, glyph.chapter, glyph.search, glyph.line) == (
        "glyph", "\u65e5", "a.qmd", "Serif", 3)
    assert (other.kind, other.what, other.chapter) == (
        "typst", "unknown variable: no-such mend it", "")


def test_lines_are_counted_as_typst_counts_them():
    chapters = {"a.qmd": parse("# A\n\nSome *words* here\n", "a.qmd")}
    source = "= Front\u2028\n// chapter a.qmd\nSome words here\x0cno such\n"
    glyph, _ = findings(DIAGNOSTIC, source, chapters, "paper.typ")
    assert (glyph.chapter, glyph.line) == ("a.qmd", 3)


def test_a_sign_without_a_font_is_told_where_it_comes_from(small):
    small.path("d.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20">'
                                   "<text y='9'>\u672c</text></svg>", "utf-8")
    small.append("_quarto.yml", "bibliography: r.bib\n")
    small.path("r.bib").write_text("@misc{a,\n  title={\u4eba},\n  author={A}, year=2020}\n",
                                   "utf-8")
    line = small.append("index.qmd", "\u4e2d and \u6587, `{python} chr(26085)` @a\n\n"
                        "![x](d.svg)\n\n```{python}\nprint(chr(26085))\n```\n")
    told = small.press("render").err
    for where, signs in ((line, "`\u4e2d`, `\u6587`"), (line, "`\u65e5`"), (line + 2, "`\u672c`"),
                         (line + 4, "`\u65e5`")):
        assert f"index.qmd:{where}: no font of the PDF has " in told and signs in told, told
    assert "r.bib:2: no font of the PDF has `\u4eba`" in told
