"""One table of keys: the reader, the lint, the messages and the README agree with it."""

from pathlib import Path

import pytest

import press
from press import options
from press.options import OPTIONS, Effect, markdown_table, options_of

README = (Path(press.__file__).parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("cells", [False, True], ids=["_quarto.yml", "cells"])
def test_the_readme_holds_the_table(cells):
    assert markdown_table(cells) in README, "copy what `python -m press options` prints"


def test_the_command_prints_both_tables(capsys):
    from press.__main__ import main

    assert main(["options"]) == 0
    assert capsys.readouterr().out == markdown_table(False) + "\n" + markdown_table(True)


def test_no_key_stands_twice_in_one_place():
    places = [(place, one.name) for one in OPTIONS for place in one.places]
    assert len(places) == len(set(places))


def test_every_entry_says_what_it_does():
    assert all(one.help for one in OPTIONS)


@pytest.mark.parametrize("one", OPTIONS, ids=lambda one: f"{one.places[0]}.{one.name}")
def test_a_default_passes_its_own_check(one):
    assert one.default is None or one.check(one.default) == ""


def given(place, name, value):
    """A `_quarto.yml` with one more key, as YAML."""
    sections = place.split(".") if place else []
    lines = [f"{'  ' * depth}{part}:" for depth, part in enumerate(sections)]
    depth = len(lines)
    return "\n".join([*lines, f"{'  ' * depth}{name}: {value}"]) + "\n"


NEW_PLACES = [place for place in options.CONFIG_PLACES if place not in ("project", "book")]


@pytest.mark.parametrize("place", NEW_PLACES)
def test_a_key_that_is_not_in_the_table_is_an_error(small, place):
    line = small.append("_quarto.yml", given(place, "no-such-key", "x"))
    done = small.press("lint")
    key = f"{place}.no-such-key".removeprefix(".")
    line += place.count(".") + bool(place)
    assert f"_quarto.yml:{line}: `{key}` is not supported" in done.err


@pytest.mark.parametrize("place", ["", "execute", "format.html", "format.typst"])
def test_keys_of_quarto_alone_are_passed_over(small, place):
    names = [one.name for one in options_of(place).values() if one.effect is Effect.PASSED_OVER]
    assert names
    first, *others = names
    text = given(place, first, "x")
    indent = "  " * (place.count(".") + bool(place))
    small.append("_quarto.yml", text + "".join(f"{indent}{name}: x\n" for name in others))
    done = small.press("lint")
    assert (done.status, done.err) == (0, "")


@pytest.mark.parametrize("place, name, value, message", [
    ("", "lang", "[en]", "`lang` must be one text"),
    ("", "toc-depth", "deep", "`toc-depth: deep` must be a whole number above 0"),
    ("", "toc-depth", "0", "`toc-depth: 0` must be a whole number above 0"),
    ("execute", "echo", "maybe", "`execute.echo: maybe` must be one of true, false"),
    ("execute", "echo", "1", "`execute.echo: 1` must be one of true, false"),
    ("execute", "freeze", "auto", "`execute.freeze` serves stale numbers"),
    ("format.html", "code-fold", "half", "must be one of true, false, show"),
    ("format.html", "css", "none.css", "`format.html.css`: none.css does not exist"),
    ("format.typst.execute", "warning", "loud", "must be one of true, false"),
    ("press", "env", "{A: 1}", "`press.env` must be a text or a list of texts"),
    ("", "press", "5", "`press: 5` must hold keys and values"),
])
def test_a_value_that_is_wrong(small, place, name, value, message):
    line = small.append("_quarto.yml", given(place, name, value)) + place.count(".") + bool(place)
    done = small.press("lint")
    assert any(text.startswith(f"_quarto.yml:{line}: ") and message in text
               for text in done.err.splitlines()), done.err


def test_a_key_without_a_value_has_its_default(small):
    from press import config

    small.append("_quarto.yml", "lang:\nformat:\n  html:\n    toc-depth:\n")
    book = config.load(small.root)
    assert book.lang == options.default("", "lang") == "en"
    assert book.option("html", "toc-depth") == options_of("format.html")["toc-depth"].default == 2


@pytest.mark.parametrize("extra, html, typst", [
    ("", True, True),
    ("execute:\n  echo: false\n", False, False),
    ("execute:\n  echo: false\nformat:\n  html:\n    echo: true\n", True, False),
    ("format:\n  typst:\n    echo: true\n    execute:\n      echo: false\n", True, False),
])
def test_what_is_given_for_one_document_comes_before_what_is_given_for_all(
        small, extra, html, typst):
    from press import config

    small.append("_quarto.yml", extra)
    book = config.load(small.root)
    assert (book.option("html", "echo"), book.option("typst", "echo")) == (html, typst)
