"""What cells give is shown in both documents as what it is, or refused at the cell."""

import base64
import time
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest
from page_policy import style
from pypdf import PdfReader

from press import html_tables
from press.execute import _reproducible
from press.html import _data_uri
from press.in_kernel import plain, public_name
from press.terminal import PALETTE, Run, as_seen, fault, runs, timed
from press.values import as_math, as_text


def cells(*codes):
    return "".join(f"```{{python}}\n#| echo: false\n{code}\n```\n\n" for code in codes)


def printed(small):
    return "\n".join(page.extract_text() for page in PdfReader(small.path("_book/book.pdf")).pages)


def test_outputs_that_are_not_tables_are_in_both_documents(small):
    small.append("index.qmd", cells(
        "from IPython.display import HTML, Latex, Math, display",
        "display(Math(r'\\frac{a}{b}'))\ndisplay(Latex(r'\\begin{align} x &= 2 \\end{align}'))",
        "HTML('<div><p>Model: RE</p><table><tr><th>k</th></tr><tr><td>5</td></tr></table>"
        "<p>Note: forty</p><ul><li>HR half</li></ul></div>')",
        "print('\\x1b[31mred\\x1b[0m words'); print('10 %\\r100 % done')",
    ) + "Mean `{python} __import__('numpy').float64(2.5)`.\n\n`{python} '2024. A year'`\n")
    done = small.press("render")
    assert done.status == 0, done.err
    page = small.page.main
    assert len(page.find_all("math")) == 2
    for text in (page.get_text(" ", strip=True), " ".join(printed(small).split())):
        for words in ("Model: RE", "Note: forty", "HR half", "red words", "100 % done",
                      "Mean 2.5.", "2024. A year"):
            assert words in text, words
    assert "\x1b" not in small.read("_book/index.html")
    assert not page.find("ol")


def test_what_no_document_can_show_is_refused_at_its_cell(small):
    line = small.append("index.qmd", cells(
        "from IPython.display import HTML, JSON, Markdown, display",
        "JSON({'a': 1})",
        "HTML('<div id=a></div><script>draw()</script>')",
        "print('bell \\x07')",
        "object()",
        "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
        "Markdown('{{< pagebreak >}}')",
    ))
    done = small.press("render")
    for number, message in enumerate((
            "the cell gives application/json, which no document can show",
            "the cell's HTML holds <script>, which has no form on paper",
            "the cell prints the control character U+0007",
            "the cell prints the address of an object",
            "the cell shows an image without a text alternative")):
        assert any(message in one and one.startswith(f"index.qmd:{line + 5 + 5 * number}:")
                   for one in done.err.splitlines()), (number, done.err)


def test_a_widget_may_be_for_the_page_alone(small):
    small.append("index.qmd", '::: {.content-visible when-format="html"}\n\n'
                 + cells("from IPython.display import HTML\n"
                         "HTML('<svg></svg><script type=\"text/plain\"></script>')")
                 + ":::\n")
    assert small.press("render").status == 0


def test_what_shows_a_value_may_fail(small):
    line = small.append("index.qmd", cells(
        "class T:\n    def _repr_html_(self): raise ValueError('no column p')\nT()"))
    done = small.press("render", "--to", "html")
    assert f"index.qmd:{line + 4}: " in done.err or f"index.qmd:{line + 3}: " in done.err
    assert "failed: ValueError: no column p" in done.err


class Kind(str):
    """A text of another type."""


def test_the_value_that_cannot_be_shown_is_named_among_others(small):
    small.append("index.qmd", """```{python}
class Broken:
    def _repr_html_(self):
        raise ValueError("no table")
```

One `{python} 1`, two `{python} Broken()`, three `{python} "\\ud800"`, four `{python} 4`.
""")
    done = small.press("render", "--to", "html")
    assert done.status == 1
    assert "index.qmd:11: inline expression `Broken()` failed: ValueError: no table" in done.err
    assert 'index.qmd:11: inline expression `"\\ud800"` failed: UnicodeEncodeError' in done.err
    assert done.err.count("index.qmd:") == 2


@pytest.mark.parametrize("value, text", [
    ("text", "text"), (Kind("k"), "k"), (2.5, "2.5"), ([1, "a"], "[1, 'a']"), ((1,), "(1,)"),
    ({"a": 2}, "{'a': 2}"), (None, "None"), (True, "True"),
])
def test_values_as_a_reader_expects_them(value, text):
    assert plain(value) == text


def test_numbers_of_libraries_are_plain():
    import datetime
    from decimal import Decimal

    import numpy as np
    import pandas as pd

    values = [np.float64(2.5), np.int64(7), np.True_, Decimal("1.50"), datetime.date(2024, 5, 1),
              pd.Timestamp("2024-05-01 10:00"), np.str_("a"), [np.float64(1.5), np.str_("b")]]
    assert [plain(value) for value in values] == [
        "2.5", "7", "True", "1.50", "2024-05-01", "2024-05-01 10:00:00", "a", "[1.5, 'b']"]


@pytest.mark.parametrize("value", [
    "1. first", "- minus", "+ plus", "* star", "# hash", "2024. A year", "iv. x", "A. x", "(1) x",
    "10--20", "a---b", "wait ...", "R&amp;D", "&lt;1", ": term", "=== x", "% x", "~x~ ^y^ $z$",
    "[a](b) @c {d} <e>", "a\\b `c` \"d\" 'e'", "| a | b |", "-3.5", "0.5", "{{ x }}", "a_b_c",
])
def test_a_text_stays_that_text(tmp_path, value):
    import json

    from press.pandoc import run

    tree, findings = run(["--from=markdown", "--to=json"], tmp_path, as_text(value))
    (block,) = json.loads(tree)["blocks"]
    assert block["t"] == "Para" and not findings
    assert {one["t"] for one in block["c"]} <= {"Str", "Space"}
    assert "".join(one.get("c", " ") for one in block["c"]) == value


def test_white_space_and_lines_of_a_value():
    assert as_text("a\n\nb") == "a b"
    assert as_text("    x") == " x"


@pytest.mark.parametrize("latex, markdown", [
    (r"$\displaystyle x$", r"$\displaystyle x$"), (r"\[ x \]", "$$x$$"), (r"\(x\)", "$x$"),
    (r"\begin{align}x\end{align}", "$$\n\\begin{align}x\\end{align}\n$$"),
])
def test_latex_as_mathematics(latex, markdown):
    assert as_math(latex) == markdown


@pytest.mark.parametrize("raw, seen", [
    ("\x1b[1;32mgreen\x1b[0m", "green"), ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
    ("10%\r100%", "100%"), ("ab\b\bcd", "cd"), ("a\r\nb", "a\nb"), ("\x1b[2Kx", "x"),
])
def test_codes_for_a_terminal(raw, seen):
    assert as_seen(raw) == seen
    assert fault(seen) == ""


@pytest.mark.parametrize("raw, seen", [
    ("\x1b[31mred\x1b[0m plain", [Run("red", PALETTE[1]), Run(" plain")]),
    ("\x1b[1;92mboth\x1b[22mgreen\x1b[39m.",
     [Run("both", PALETTE[2], True), Run("green", PALETTE[2]), Run(".")]),
    ("\x1b[38;5;4mblue\x1b[38;2;1;31;3mmany", [Run("blue", PALETTE[4]), Run("many", "#011f03")]),
    ("\x1b[38;5;208morange\x1b[38;5;240mgrey\x1b[38;5mnone",
     [Run("orange", "#b25e00"), Run("grey", "#585858"), Run("none")]),
    ("\x1b[48;5;1mbehind", [Run("behind", "#ffffff", fill=PALETTE[1])]), ("\x1b[mx", [Run("x")]),
    ("\x1b[4munder\x1b[24;3mslant\x1b[23;9mstruck\x1b[29m.",
     [Run("under", underlined=True), Run("slant", italic=True), Run("struck", struck=True),
      Run(".")]),
    ("\x1b[7minverse\x1b[0m\x1b[103;30mlight\x1b[49m\x1b[48;2;255;255;0mbright",
     [Run("inverse", "#ffffff", fill=PALETTE[0]), Run("light", "#ffffff", fill=PALETTE[3]),
      Run("bright", "#111111", fill="#ffff00")]),
    ("\x1b[31m10%\r100%", [Run("100%", PALETTE[1])]), ("\x1b[31mab\x1b[0m\rc", [Run("cb")]),
])
def test_colours_of_a_terminal(raw, seen):
    assert runs(raw) == seen


def test_colours_are_in_both_documents(small):
    small.append("index.qmd", cells(
        "import sys\nprint('\\x1b[31m<red>  \\\\ \"x\"\\x1b[0m\\n  next \\x1b[1;32mgreen\\x1b[0m')",
        "print('\\x1b[33mcareful\\x1b[0m', file=sys.stderr)",
        "print('\\x1b[3;4;9mlooks\\x1b[0m \\x1b[41mground')"))
    done = small.press("render")
    assert done.status == 0, done.err
    first, second, third = small.page.main.select("pre.output")
    assert first.get_text() == '<red>  \\ "x"\n  next green'
    assert [style(small.page, span) for span in first.select("span")] == [
        f"color:{PALETTE[1]}", f"color:{PALETTE[2]};font-weight:bold"]
    assert second["class"] == ["output", "stderr"] and second.get_text() == "careful"
    assert [style(small.page, span) for span in third.select("span")] == [
        "font-style:italic;text-decoration:underline line-through",
        f"color:#ffffff;background:{PALETTE[1]}"]
    text = printed(small)
    assert "looks ground" in text
    assert '<red>  \\ "x"' in text and "next green" in text and "careful" in text


def test_what_a_run_alone_decides():
    assert "address of an object" in fault("<function f at 0x7f8a1c2d3e40>")
    assert "U+0000" in fault("a\x00b")
    assert timed("\r 0%| | 0/3 [00:00<?, ?it/s]\r100%|#| 3/3 [00:00<00:00, 26269.13it/s]")
    assert not timed("working\r100% done\r\nat 10:30, 4 it/s\n")


def test_progress_with_its_time_is_refused_where_it_is_shown(small):
    cell = ("```{{python}}\n{}import sys\nprint('0%\\r100% [00:01, 3.1it/s]', file=sys.stderr)\n"
            "print('<f at 0x7f8a1c2d3e40>', file=sys.stderr)\n```\n")
    line = small.append("index.qmd", cell.format(""))
    small.append("index.qmd", cell.format("#| warning: false\n"))
    told = small.press("render", "--to", "html").err
    assert told.count("index.qmd:") == 1 and f"index.qmd:{line}: the cell prints" in told


def test_a_style_by_id_goes_into_the_cells_and_random_ids_do_not_stay():
    html = ('<style type="text/css">#T_ab12f_row0_col0, #T_ab12f_row1_col0 {background-color: red;}'
            '</style><table id="T_ab12f"><tr><td id="T_ab12f_row0_col0" class="data">1</td>'
            '<td id="T_ab12f_row0_col1">2</td></tr></table>')
    cleaned = html_tables.cleaned(html, "tbl-a")
    assert cleaned == html_tables.cleaned(html.replace("ab12f", "0cd34"), "tbl-a")
    assert cleaned.count('style="background-color: red;"') == 1
    assert "<style" not in cleaned


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@pytest.mark.parametrize("inside", [
    "<g font-family=\"'Arial'\"/>",
    '<text x="1">5" disc  and \'more\'</text>',
    '<style>.a { font: "B" }</style>',
    "<g a='say \"x\"'/>",
])
def test_an_svg_keeps_its_quotes(tmp_path, inside):
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(inside), "utf-8")
    head, _, data = _data_uri(path).partition(",")
    text = base64.b64decode(data) if head.endswith("base64") else unquote(data)
    embedded, original = ET.fromstring(text), ET.fromstring(path.read_text("utf-8"))
    assert [(e.tag, e.attrib, e.text) for e in embedded.iter()] == [
        (e.tag, e.attrib, e.text) for e in original.iter()]
    assert '"' not in data


def test_an_svg_of_a_drawing_program(tmp_path):
    path = tmp_path / "a.svg"
    path.write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE svg [<!ENTITY ns "u">]>'
                     '<svg xmlns="http://www.w3.org/2000/svg" a="&ns;ö"/>'.encode("latin-1"))
    assert base64.b64decode(_data_uri(path).partition(",")[2]) == path.read_bytes()


def test_names_of_exceptions_are_public():
    kind = type("_IncompleteInputError", (SyntaxError,), {})
    assert public_name(kind) == "SyntaxError"
    assert public_name(ValueError) == "ValueError"


def test_a_long_word_is_read_in_one_go():
    began = time.process_time()
    text = "y" * 200_000
    assert _reproducible({"output_type": "stream", "text": f"/tmp/ipykernel_1/2.py:3 {text}"}) == {
        "output_type": "stream", "text": f"cell:3 {text}"}
    assert time.process_time() - began < 1
