"""HTML that a cell gives is printed as the page shows it, or refused."""

import json
import re

import pytest
from pypdf import PdfReader

from press import html_tables
from press.on_paper import BOLD, CARRIED, ELEMENTS, faults

VALUES = {"color": "#ff0000", "background": "#00ff00", "background-color": "#00ff00",
          "font-weight": "bold", "font-style": "italic", "text-decoration": "underline",
          "text-decoration-line": "line-through", "text-transform": "uppercase",
          "font-variant": "small-caps", "display": "none", "visibility": "hidden",
          "vertical-align": "super", "border": "3px solid red",
          **{f"border-{side}": "2px dashed #00ff00" for side in ("top", "bottom", "left", "right")}}
AROUND = {"td": "<table><tr>{}</tr></table>", "th": "<table><tr>{}</tr></table>",
          "span": "<p>{}</p>", "div": "{}"}


@pytest.mark.parametrize(("html", "fault"), [
    ('<ol><li value="5">five</li></ol>', "`value` of <li>"),
    ("<ol reversed><li>x</li></ol>", "`reversed` of <ol>"),
    ('<ol type="a"><li>x</li></ol>', "`type` of <ol>"),
    ('<p style="margin: 0; color: red">x</p>', "the style `color: red` of <p>"),
    ('<li style="font-weight: bold">x</li>', "the style `font-weight: bold` of <li>"),
    ("<p hidden>x</p>", "`hidden` of <p>"),
    ('<td style="display:none">x</td>', "the style `display: none` of <td>"),
    ('<td><div style="color: red">x</div></td>', "the style `color: red` of <div>"),
    ('<td style="background: linear-gradient(90deg, red, blue)">x</td>',
     "the style `background: linear-gradient(90deg, red, blue)` of <td>"),
    ('<p><span style="font: bold 12px serif">x</span></p>',
     "the style `font: bold 12px serif` of <span>"),
    ('<td style="white-space: pre-wrap">x</td>', "the style `white-space: pre-wrap` of <td>"),
    ('<span style="color: var(--ink)">x</span>', "the style `color: var(--ink)` of <span>"),
    ('<span style="color: hsl(1, 2%, 3%)">x</span>',
     "the style `color: hsl(1, 2%, 3%)` of <span>"),
    ('<td style="border-top: thick solid red">x</td>',
     "the style `border-top: thick solid red` of <td>"),
    ('<tr style="border: 1px solid red"><td>x</td></tr>',
     "the style `border: 1px solid red` of <tr>"),
    ('<span style="vertical-align: 3px">x</span>', "the style `vertical-align: 3px` of <span>"),
    ("<pre>x <b>y</b></pre>", "<b> in <pre>"),
    ('<pre>x</pre><pre><span style="color: red">y</span></pre>',
     "the style `color: red` of <span> in <pre>"),
    ("<ruby>x<rt>y</rt></ruby>", "<ruby>"), ('<font color="red">x</font>', "<font>"),
    ('<progress value="3" max="5"></progress>', "<progress>"),
    ('<table bgcolor="red"><tr><td>x</td></tr></table>', "`bgcolor` of <table>")])
def test_what_print_would_drop_is_named(html, fault):
    assert fault in list(faults(html))


@pytest.mark.parametrize("html", [
    '<table class="dataframe" border="1"><thead><tr style="text-align: right;"><th></th></tr>'
    '</thead><tr><td style="width: 3em; padding: 2px">1</td></tr></table>',
    '<th style="font-weight: bold">x</th><b style="font-weight: 600">y</b>',
    '<p style="color: inherit; margin: 1em; text-align: right">x</p>',
    '<td><span style="color: red">x</span></td><div style="color: red">y</div>',
    '<ol start="4"><li>four</li></ol>', "a < b, <!-- <ruby> --> x",
    '<pre style="white-space: pre"><code>x <span class="a">y</span></code></pre><b>z</b>'])
def test_what_print_shows_or_may_leave_out_passes(html):
    assert list(faults(html)) == []


def test_each_fault_is_told_once():
    assert list(faults("<ruby>a</ruby><ruby>b</ruby>")) == ["<ruby>"]


def test_what_is_said_to_be_carried_is(small):
    """A word with each style of `CARRIED` is written for print otherwise than one without."""
    pairs = [(name, style) for name, styles in CARRIED.items() for style in sorted(styles)
             if not (style == "font-weight" and name in BOLD)]
    shown = ["<p>next</p>"]
    for name, style in pairs:
        for look in (f' style="{style}: {VALUES[style]}"', ""):
            shown += [AROUND[name].format(f"<{name}{look}>word</{name}>"), "<p>next</p>"]
    small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import HTML\n"
                 f"HTML({''.join(shown)!r})\n```\n")
    done = small.press("render", "--to", "pdf")
    assert done.status == 0, done.err
    fragment, = small.path(".press/fragments").glob("index.*.typst.json")
    _, *written, _ = json.loads(fragment.read_text("utf-8"))["body"].split("next")
    same = [pair for pair, styled, plain in zip(pairs, written[::2], written[1::2], strict=True)
            if styled == plain]
    assert not same, same


def test_every_carrier_is_an_element():
    assert set(CARRIED) | BOLD <= ELEMENTS


@pytest.mark.parametrize("html, columns", [
    ("<table><col><tr><td>1<td>2</table>", 0),
    ("<table><col span=2 style='width:9%'><col><tr><td>1</td><td>2</td><td>3</td></tr></table>", 3),
    ("<table><col><col><tr><td colspan='2'>1</td></tr></table>", 2),
    ("<table><col span=2><tr><td>1</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>", 0),
])
def test_print_has_every_column(html, columns):
    assert len(re.findall(r"<col\b", html_tables.printable(html))) == columns


def test_no_cell_of_a_table_is_lost_in_print(small):
    small.append("index.qmd", "```{=html}\n<table><colgroup><col><col></colgroup><tr><td>one<td>two"
                 "<td>three<tr><td align=right>4<td>5<td>6</table>\n```\n")
    assert small.press("render").status == 0
    paper = "\n".join(page.extract_text() for page in PdfReader(
        small.path("_book/book.pdf")).pages)
    for word in ("one", "two", "three", "6"):
        assert word in paper
