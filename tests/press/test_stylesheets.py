"""Fonts that a style sheet names become part of the page."""

import base64

import pytest

RULE = '@font-face {{ font-family: "Own"; src: url({}) format("woff2"); }}\n'


@pytest.fixture
def styled(small):
    """A book with a style sheet in a folder, and a font beside it."""
    small.path("look/fonts").mkdir(parents=True)
    small.path("look/own.css").write_text(RULE.format("fonts/own.woff2"), "utf-8")
    small.path("look/fonts/own.woff2").write_bytes(b"a font")
    small.append("_quarto.yml", "format:\n  html:\n    css: look/own.css\n")
    return small


def data(content):
    return f"url(data:font/woff2;base64,{base64.b64encode(content).decode()})"


def test_a_font_is_data_of_the_page_and_follows_its_file(styled):
    assert styled.press("render", "--to", "html").status == 0
    assert data(b"a font") in styled.read("_book/index.html")
    styled.path("look/fonts/own.woff2").write_bytes(b"another")
    assert styled.press("render", "--to", "html").status == 0
    assert data(b"another") in styled.read("_book/index.html")


@pytest.mark.parametrize("address", ['"fonts/own.woff2"', "'fonts/own.woff2'",
                                     " ../look/fonts/own.woff2 "])
def test_an_address_may_be_quoted_and_lead_up(styled, address):
    styled.path("look/own.css").write_text(RULE.format(address), "utf-8")
    assert styled.press("render", "--to", "html").status == 0
    assert data(b"a font") in styled.read("_book/index.html")


def test_a_font_that_is_data_already_stays(styled):
    address = "data:font/woff2;base64,AAAA.woff2"
    styled.path("look/own.css").write_text(RULE.format(address), "utf-8")
    assert styled.press("render", "--to", "html").status == 0
    assert f"url({address})" in styled.read("_book/index.html")


def test_a_font_that_is_not_there_is_named_with_its_line(styled):
    styled.path("look/own.css").write_text("\n\n" + RULE.format("own.woff2"), "utf-8")
    done = styled.press("render", "--to", "html")
    assert done.status == 1
    assert "look/own.css:3: the font look/own.woff2 does not exist" in done.err
