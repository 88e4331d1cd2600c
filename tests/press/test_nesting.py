"""HTML of cells and authors closes what it opens, and nothing else."""

import pytest

from press.nesting import fault


@pytest.mark.parametrize("html, wrong", [
    ("<b>x", "`<b>`, which is never closed"), ("<p>x <b>y</p>", "`<b>`, which is not closed"),
    ("<b>x <i>y</b></i>", "`<i>`, which is not closed before `</b>`"),
    ("</div></section>", "`</div>`, which closes nothing"), ("<!-- <p>x</p>", "a comment"),
    ("<div class='x", "a tag without its end"), ("<div/>", "`<div>`, which is never closed"),
    ("<td>x<y</td>", "`<y<>`"),
    ("<ul><li>a<li>b</ul><p>x<br>y<img src=a>", ""), ("<table><tr><td>1<td>2</table>", ""),
    ("<svg><path d=''/></svg> a < b <!-- x --> <script>if (a < b) '</b>'</script>", ""),
    ("<DIV>x</div>", ""),
])
def test_what_is_left_open_or_closed_too_often(html, wrong):
    assert fault(html).startswith(wrong) and bool(fault(html)) == bool(wrong)


def test_it_is_refused_at_its_line(small):
    line = small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import "
                        "HTML\nHTML('<p>x <b>y</p>')\n```\n\n```{=html}\n</main>\n```\n\n"
                        "a`<i>b`{=html}\n")
    done = small.press("render", "--to", "html")
    assert done.status == 1
    for number, words in ((line, "the cell's HTML has `<b>`"),
                          (line + 7, "this HTML has `</main>`"),
                          (line + 10, "this HTML has `<i>`")):
        assert f"index.qmd:{number}: {words}" in done.err, done.err


def test_one_piece_may_close_what_another_beside_it_opens(small):
    small.append("index.qmd", "| a | b |\n|-|-----|\n| 1 | " + "word " * 40 + "|\n\n"
                 "::: {.content-visible when-format='html'}\n```{=html}\n<details>"
                 "<summary>More</summary>\n```\n:::\n\nx\n\n```{=html}\n</details>\n```\n")
    assert small.press("render", "--to", "html").status == 0
    small.edit("index.qmd", "\nx\n", "\n## Two\n")
    assert "`<details>`, which is never closed" in small.press("render", "--to", "html").err
