"""The page's policy: what is in it, what it keeps out, and that the page looks as before."""

import re

import page_policy
import pytest
from bs4 import BeautifulSoup
from chromium import browser_only

from press import looks, markup, policy

PAGE = ("<!doctype html><html><head><meta charset='utf-8'>{0}<title>x</title>{1}</head>"
        "<body>{2}</body></html>")


def test_a_page_has_a_policy_and_nothing_that_it_keeps_out(demo):
    html = demo.read("_book/index.html")
    assert page_policy.faults(html) == []
    assert "<span class=" in html and "press-looks" in html


@pytest.mark.parametrize("spoilt", [
    lambda page: page.replace("<main ", '<main style="color:red" ', 1),
    lambda page: page.replace("<main ", '<main onclick="x()" ', 1),
    lambda page: page.replace("</body>", "<script>x()</script></body>", 1),
    lambda page: page.replace("const nav =", "const  nav =", 1),
    lambda page: page.replace("script-src ", "script-src 'unsafe-inline' ", 1),
    lambda page: page.replace("img-src data:", "img-src *", 1),
    lambda page: page.replace("</main>", "<iframe></iframe></main>", 1),
])
def test_the_check_of_pages_finds_what_is_wrong(demo, spoilt):
    html = demo.read("_book/index.html")
    assert spoilt(html) != html and page_policy.faults(spoilt(html)) != []


def test_a_page_with_scripts_and_line_ends_of_another_system(small):
    small.append("_quarto.yml", "format:\n  html:\n    include-in-header: head.html\n"
                 "    include-after-body: end.html\n    css: own.css\n")
    small.path("head.html").write_bytes(b"<script>\r\nwindow.a = 1;\r\n</script>\r\n")
    small.path("end.html").write_bytes("<SCRIPT>\r\nwindow.b = '§';\r\n</SCRIPT>\r\n".encode())
    small.path("own.css").write_bytes(b".own {\r\n color: red }\r\n")
    done = small.press("render", "--to", "html")
    assert done.status == 0, done.err
    html = small.path("_book/index.html").read_bytes().decode()
    assert page_policy.faults(html) == [] and "\r" not in html


@pytest.mark.parametrize(("tag", "made"), [
    ('<p title="x"style="a: b">', '<p class="press-1" title="x">'),
    ('<p class="a&amp;amp;b" style="a: b">', '<p class="a&amp;amp;b press-1">'),
    ('<p style="a: b" class>', '<p class="press-1">'),
    ('<p data-a="style=&quot;b" id=c style="a: b">',
     '<p class="press-1" data-a="style=&quot;b" id=c>'),
    ('<br style="a: b" />', '<br class="press-1" />'),
    ('<textarea style="a: b"><p style="c: d"></textarea>',
     '<textarea class="press-1"><p style="c: d"></textarea>'),
    ('<!-- <p style="a: b"> -->', '<!-- <p style="a: b"> -->'),
])
def test_the_rest_of_a_tag_stays(tag, made):
    assert looks.as_classes(tag)[0] == made


@pytest.mark.parametrize(("style", "look"), [
    ("color: red", "color: red"), (" color:red;  left : 1px ; ", "color:red; left : 1px"),
    ("background: url('data:image/png;base64,AA==')",
     "background: url('data:image/png;base64,AA==')"),
    ("color: red !important", "color: red !important"),
    ("content:  'x;  y'", "content: 'x;  y'"), ("grid-area: [a] / calc(1px * (2))", None),
])
def test_a_style_attribute_is_a_class(style, look):
    page, sheet, findings = looks.as_classes(f'<p style="{style}">A</p>')
    look = look or style
    assert (page, findings) == ('<p class="press-1">A</p>', [])
    assert sheet == f".press-1:not(#_#_#_) {{ {look} }}"


def test_equal_styles_are_one_class_and_other_attributes_stay():
    page, sheet, findings = looks.as_classes(
        '<p class="a &amp; b" style="left:1%;" title=\'style="x" class="y"\'>A</p>'
        "<i style='left:1%' class=c></i><b STYLE=left:1% ></b><u style=''></u>"
        '<img alt="a > b" style="left:2%">')
    assert page == (
        '<p class="a &amp; b press-1" title=\'style="x" class="y"\'>A</p>'
        '<i class="c press-1"></i><b class="press-1" ></b><u></u>'
        '<img class="press-2" alt="a > b">')
    assert sheet.count("\n") == 1 and findings == []


@pytest.mark.parametrize("text", [
    "<script>const a = '<p style=\"x\">';</script>", "<style>p { /* <p style='x'> */ }</style>",
    "<!-- <p style='x'> -->", "<p>a &lt;p style='x'></p>", "<p title='<p style=1>'></p>",
    '<p data-style="x"></p>', "1 < 2 and style='x' > 3",
])
def test_what_is_no_style_attribute_stays(text):
    assert looks.as_classes(text)[:2] == (text, "")


@pytest.mark.parametrize("style", [
    "} body { display: none", "color: red } </style><script>x()</script>", "content: 'open",
    "color: rgb(1", "left: 1px /* ", "left: \\31 px", "--x: {a}",
])
def test_a_style_that_would_reach_out_of_its_rule_is_refused_at_its_line(small, style):
    attribute = style.replace("<", "&lt;")
    line = small.append("index.qmd", f'```{{=html}}\n<p style="{attribute}">A</p>\n```\n')
    done = small.press("render", "--to", "html")
    assert done.status == 1 and "cannot become a rule" in done.err
    assert f"index.qmd:{line + 1}:" in done.err


@pytest.mark.parametrize(("html", "words"), [
    ("<script>x()</script>", "runs no script of a chapter"),
    ("<SCRIPT type=module>x()</SCRIPT>", "runs no script of a chapter"),
    ("<style>p {}</style>", "takes no style sheet from a chapter"),
    ("<p onclick='x()'>A</p>", "runs no handler like `onclick`"),
    ("<img alt=a src=x onerror=x()>", "runs no handler like `onerror`"),
    ("<svg/onload=x()></svg>", "runs no handler like `onload`"),
    ("<a href='java&#10;script:x()'>A</a>", "follows no address"),
    ("<img alt=a src='//example.org/a.png'>", "is on another host"),
    ("<video src='https://example.org/a.mp4'></video>", "is on another host"),
    ("<video src='data:video/mp4;base64,AA'></video>", "src of <video> would be empty"),
    ("<video src='clip.mp4'></video>", "src of <video> would be empty"),
    ("<img alt=a src='data:,' srcset='b.png 2x'>", "srcset of <img> would be empty"),
    ("<svg><image href='https://example.org/a.png'/></svg>", "is on another host"),
    ("<svg><image href='a.png'/></svg>", "href of <image> would be empty"),
    ("<p style='background: url(a.png)'>A</p>", "names a file, and the page loads none"),
    ("<p style='color: a) ; b: (c'>A</p>", "cannot become a rule"),
    ("<p style='grid-template-columns: [x'>A</p>", "cannot become a rule"),
    ("<form action='https://example.org'></form>", "the page sends no form"),
    ("<link rel=icon href=a.png>", "lets no <link> in"),
    ("<!--><img alt=a src=x onerror=x()> -->", "runs no handler like `onerror`"),
    ("<iframe srcdoc='x'></iframe>", "lets no <iframe> in"),
    ("<base href='https://example.org/'>", "lets no <base> in"),
    ("<meta http-equiv=refresh content='0;url=x'>", "lets no <meta> in"),
    ("<link rel=stylesheet href=https://example.org/a.css>", "lets no <link> in"),
])
def test_what_a_chapter_may_not_hold_is_refused_at_its_line(small, html, words):
    line = small.append("index.qmd", f"```{{=html}}\n{html}\n```\n")
    done = small.press("render", "--to", "html")
    assert done.status == 1 and words in done.err
    assert f"index.qmd:{line + 1}:" in done.err or f"index.qmd:{line}:" in done.err
    assert "Traceback" not in done.err and not small.path("_book/index.html").exists()


def test_a_link_that_runs_is_refused(small):
    line = small.append("index.qmd", "[A](javascript:alert(1)) and [b](https://example.org).\n")
    done = small.press("render", "--to", "html")
    assert f"index.qmd:{line}: the page follows no address like" in done.err


@pytest.mark.parametrize("html", [
    '<script type="application/json">{"a": "<b onclick=1>"}</script>', "<p>online = 1</p>",
    "<a href='https://example.org/?on=1'>A</a>", "<p title='onclick=x'>A</p>",
])
def test_what_a_chapter_may_hold(html):
    assert list(policy.faults(html)) == []


def test_what_is_included_is_refused_with_its_file_and_line(small):
    small.append("_quarto.yml", "format:\n  html:\n    include-after-body: end.html\n")
    small.path("end.html").write_text("<script>1</script>\n<script src='a.js'></script>\n"
                                      "<p onclick='x()'>A</p>\n", "utf-8")
    done = small.press("lint")
    assert "end.html:2: the page loads no script from elsewhere" in done.err + done.out
    assert "end.html:3: the page runs no handler like `onclick`" in done.err + done.out


def test_attributes_are_read_as_a_browser_reads_them():
    samples = ["<p a=1 B='2' c=\"3 > 4\" d e = 5>", "<p/a=1/b>", '<p a="1"b="2">', "<x\na\n=\n1>",
               "<a title='&lt;&amp;' title=2 href=x?a=1&b=2>", '<img alt="" src=x/>']
    for sample in samples:
        element = BeautifulSoup(sample, "html5lib").body.find(True)
        [tag] = markup.tags(sample)
        wanted = {name: " ".join(value) if isinstance(value, list) else value
                  for name, value in element.attrs.items()}
        assert (tag.name, tag.attributes) == (element.name.replace("image", "img"), wanted)


class TestBrowser:
    pytestmark = browser_only

    def opened(self, browser, path):
        tab = browser.new_page()
        tab.add_init_script(page_policy.WATCH)
        tab.goto(path.as_uri())
        return tab

    def test_the_page_works_under_its_policy(self, browser, demo):
        tab = self.opened(browser, demo.path("_book/index.html"))
        tab.locator("#search").fill("highest")
        assert tab.locator("#search-results li").count() > 0
        tab.locator("#scheme").click()
        assert tab.evaluate("document.documentElement.dataset.scheme") == "dark"
        # a drawing with letters as outlines is an image with a style of its own
        assert tab.evaluate("""Promise.all([...document.images].map((one) => one.decode()
            .then(() => one.naturalWidth > 0)))""") == [True] * tab.locator("img").count()
        assert tab.evaluate("window.refused") == []

    def test_a_script_or_a_handler_that_came_in_does_not_run(self, browser, demo, tmp_path):
        html = demo.read("_book/index.html").replace(
            "</main>", '<script>window.ran = 1</script><img src="data:," onerror="window.ran = 2" '
            'alt=""><p style="color: rgb(1, 2, 3)" id="styled">A</p></main>', 1)
        (tmp_path / "spoilt.html").write_text(html, "utf-8")
        tab = self.opened(browser, tmp_path / "spoilt.html")
        tab.wait_for_timeout(300)
        assert tab.evaluate("window.ran") is None
        assert tab.evaluate("getComputedStyle(document.getElementById('styled')).color") \
            != "rgb(1, 2, 3)"
        assert {line.split()[0] for line in tab.evaluate("window.refused")} == {
            "script-src-elem", "script-src-attr", "style-src-attr"}

    def test_a_class_goes_before_rules_as_its_style_attribute_did(self, browser, tmp_path):
        """Each property by an attribute and by the class that takes its place, against rules of
        rising weight."""
        rules = ("p, #a#b, #a b#b.c.d { color: rgb(9, 9, 9); left: 9px } main #a #b { top: 9px } "
                 "p { width: 9px !important } .c { color: rgb(8, 8, 8) }")
        body = ('<main><p id="a" style="color: rgb(1, 2, 3); width: 5px">A</p><div id="a">'
                '<b class="c d" id="b" style="color: rgb(4, 5, 6); top: 4px !important; '
                'left: 3px; float: left">B</b></div><p style="color: rgb(7, 7, 7)" class="c">C'
                "</p></main>")
        made, sheet, _ = looks.as_classes(body)
        found = []
        for name, (own, inside) in {"before": ("", body), "after": (
                f"<style>{sheet}</style>", made)}.items():
            path = tmp_path / f"{name}.html"
            path.write_text(PAGE.format("", f"<style>{rules}</style>{own}", inside), "utf-8")
            tab = self.opened(browser, path)
            found.append(tab.evaluate("""[...document.querySelectorAll("main *")].map((one) => {
                const style = getComputedStyle(one);
                return [...style].map((name) => `${name}: ${style[name]}`).join(";") })"""))
        assert "style=" not in made and found[0] == found[1]
        assert re.search(r"width: 9px", found[1][0])

    def test_the_script_of_a_preview_runs(self, browser, tmp_path):
        script = "\nwindow.ran = true;\n"
        page = PAGE.format(policy.policy(""), "", "")
        made = policy.with_script(page, script) + f"<script>{script}</script>"
        assert page_policy.faults(made, {"connect-src": ["'self'"]}) == []
        (tmp_path / "preview.html").write_text(made, "utf-8")
        tab = self.opened(browser, tmp_path / "preview.html")
        assert tab.evaluate("window.ran") is True and tab.evaluate("window.refused") == []
