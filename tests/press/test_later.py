"""Parts of the appendices that a browser lays in later: all is kept, and in its order."""

import re

import pytest

from press import later

HEAD = '<section id="a" class="level1"><h1>A</h1><p>Before.</p>'
FILL = "<p>" + "words " * 3000 + "</p>"


def unfolded(text: str) -> str:
    return text.replace(later.OPENING, "").replace(later.CLOSING, "")


def parts(text: str) -> list[str]:
    return re.findall(f"{later.OPENING}(.*?){later.CLOSING}", text, re.S)


def section(name: str, inside: str) -> str:
    return f'<section id="{name}"><h2>{name}</h2>{inside}</section>'


def chapter(*sections: str) -> str:
    return f"{HEAD}{''.join(sections)}</section>"


def test_sections_are_parts_and_the_heading_stays():
    whole = chapter(*(section(name, FILL) for name in "bcde"))
    folded = later.folded(whole)
    assert unfolded(folded) == whole
    assert [part[:16] for part in parts(folded)] == [f'<section id="{one}">' for one in "bcde"]
    assert folded.startswith(HEAD)


def test_a_long_section_is_parted_by_what_is_in_it():
    whole = chapter(section("b", "<p>kept</p>" + section("c", FILL) + "between"
                            + f"<details><summary>d</summary>{FILL}</details>" + section("e", FILL)
                            + section("f", FILL)))
    folded = later.folded(whole)
    assert unfolded(folded) == whole
    assert len(parts(folded)) == 4
    assert "<p>kept</p>" not in "".join(parts(folded))


def test_a_short_chapter_stays():
    whole = chapter(section("b", "<p>short</p>"))
    assert later.folded(whole) == whole


@pytest.mark.parametrize("inside", ["<script>1</script>", "<noscript>x</noscript>", "</NOSCRIPT>"])
def test_what_a_noscript_cannot_hold_stays_outside(inside):
    whole = chapter(section("b", FILL + inside), *(section(name, FILL) for name in "cde"))
    folded = later.folded(whole)
    assert len(parts(folded)) == 3
    assert not any(inside in part for part in parts(folded))


@pytest.mark.parametrize("inside", [
    '<script type="application/json">{"a": "<details>z</details>"}</script>',
    "<!-- </section> -->", '<p title="<section>">x</p>', "<textarea></details></textarea>"])
def test_what_only_looks_like_a_block_is_none(inside):
    whole = chapter(f"<p>{inside}</p>", *(section(name, FILL) for name in "bcde"))
    folded = later.folded(whole)
    assert unfolded(folded) == whole
    assert inside in folded and len(parts(folded)) == 4


@pytest.mark.parametrize("wrong", ["<section>", "</section>", "<details>", "</details>",
                                   "<details><section></details></section>"])
def test_blocks_that_do_not_nest_are_left_alone(wrong):
    whole = chapter(section("b", FILL + wrong), *(section(name, FILL) for name in "cde"))
    assert later.folded(whole) == whole


def test_a_long_section_with_little_in_boxes_is_one_part():
    code = "<details><summary>code</summary><p>x</p></details>"
    whole = chapter(section("b", FILL * 2 + code))
    folded = later.folded(whole)
    assert unfolded(folded) == whole
    assert [part[:16] for part in parts(folded)] == ['<section id="b">']


def test_beside_what_a_noscript_cannot_hold_the_rest_is_laid_in_later():
    script = '<script type="application/json">{}</script>'
    whole = chapter(section("b", script + section("c", FILL) + section("d", FILL)))
    assert len(parts(later.folded(whole))) == 2
