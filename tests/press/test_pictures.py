"""What keeps an image out of one of the documents is told by its file."""

import base64

import pytest

from press.pictures import faults

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
JPEG = b"\xff\xd8\xff\xe0" + b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01%c" + b"\xff\xd9"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.png", PNG, ""),
    ("A.PNG", PNG, ""),
    ("a.jpg", JPEG % 3, ""),
    ("a.svg", SVG.format("<g/>").encode(), ""),
    ("a.png", b"", "is empty"),
    ("a.png", PNG[:40], "is cut off"),
    ("a.png", JPEG % 3, "is a JPEG by its content; name it `a.jpg`"),
    ("a.jpg", JPEG % 4, "has the colours of print (CMYK)"),
    ("a.pdf", b"%PDF-1.7", "is no PNG, JPEG, GIF, WebP or SVG"),
    ("a.svgz", b"\x1f\x8b", "is no PNG, JPEG, GIF, WebP or SVG"),
    ("a.svg", b"<svg width='9'/>", 'is no drawing for a browser; begin it with `<svg xmlns='),
    ("a.svg", SVG.format("<g>").encode(), "is no well-formed XML (mismatched tag: line 1"),
    ("a.svg", SVG.format("<text>ü</text>").encode("latin-1"), "is not UTF-8"),
    ("a.svg", SVG.format("<foreignObject/>").encode(), "holds words in <foreignObject>"),
])
def test_faults(name, content, told):
    found = list(faults(name, content))
    assert (found == []) if not told else (len(found) == 1 and found[0].startswith(told))


def test_an_image_is_told_once_and_that_of_a_cell_at_its_line(small):
    small.path("a.svg").write_bytes(b"<svg/>")
    line = small.append("index.qmd", "![x](a.svg)\n\n![y](gone.png)\n\n```{python}\n#| fig-alt: x\n"
                        "from IPython.display import SVG\nSVG('<svg width=\"9\"/>')\n```\n")
    told = small.press("render").err
    assert f"index.qmd:{line + 4}: the cell's image is no drawing for a browser" in told
    small.edit("index.qmd", "SVG('<svg", "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"")
    told = small.press("render").err
    assert f"index.qmd:{line}: a.svg is no drawing" in told
    assert f"index.qmd:{line + 2}: the image gone.png is not there" in told
    assert told.count("index.qmd:") == 2
