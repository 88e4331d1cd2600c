"""Quoting claims in prose: what is shown, what is marked, and that the markup survives Pandoc."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pypandoc
import pytest

from review.audit import compare, registry
from review.audit.answers import NotRecomputable, Number, Refs, Span, Text, Truth, several
from review.audit.registry import Entry
from review.dataset.load import PUBLISHED, load
from review.report.quote import QuoteError, Quotes, legend, shown, value


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


@pytest.fixture(scope="module")
def q(r):
    return Quotes(r)


def entry(answer, status=compare.REPRODUCES, published="printed"):
    return Entry("XX-01", "Section", "Claim", published, answer, status, "Rule.", "",
                 lambda r: answer)


def page(markdown):
    """Markdown as Pandoc's HTML on one line."""
    html = pypandoc.convert_text(markdown, "html", format="markdown", extra_args=["--wrap=none"])
    return html.replace("\n", " ")


def visible(markup):
    """Text of the link of a quote."""
    return re.search(r"\[((?:[^\[\]\\]|\\.)*)\]\(", markup)[1]


def test_a_number_is_rounded_as_it_is_printed():
    assert value(entry(Number(4.5454)), None, ("4.5",)) == "4.5"
    assert value(entry(Number(43)), None, ("43.0",)) == "43"
    assert value(entry(Number(19.0, printed="19.0")), None, ("19.0",)) == "19.0"
    assert value(entry(Number(2.3)), None, ("not reached",)) == "2.3"


def test_a_range_and_its_ends():
    ends = entry(Span(Number(1.9), Number(43)))
    tokens = ("1.9", "43.0")
    assert value(ends, None, tokens) == "1.9–43"
    assert [value(ends, part, tokens) for part in (0, 1)] == ["1.9", "43"]


def test_references_words_and_truths():
    parts = entry(several(Number(9), Refs(frozenset({21, *range(28, 36)})), Text("not reached"),
                          Truth(True)))
    tokens = ("9", "refs:21,28-35", "not reached", "true")
    assert [value(parts, n, tokens) for n in range(4)] == ["9", "21, 28–35", "not reached", "yes"]


def test_what_cannot_be_recomputed_is_quoted_as_printed():
    alone = entry(NotRecomputable("supplement"), compare.NOT_RECOMPUTABLE, "18–307")
    assert value(alone, None, ("18", "307")) == "18–307"
    assert value(alone, 1, ("18", "307")) == "307"
    refs = entry(NotRecomputable("external source"), compare.NOT_RECOMPUTABLE, "refs 54–56")
    assert value(refs, None, ("refs:54-56",)) == "54–56"


def test_what_is_not_printed_is_quoted_from_the_rows():
    beside = entry(NotRecomputable("not published", "", Number(8)), compare.NOT_RECOMPUTABLE)
    assert value(beside, None, ()) == "8"


def test_the_ruled_answer_is_quoted_where_only_the_rule_gives_it(r):
    found = registry.entry(r, "DI-15")
    assert found.status == compare.UNDER_RULE and shown(found).value is True


def test_a_part_that_is_not_there_is_an_error(q):
    with pytest.raises(QuoteError, match="DI-14 has 3 parts, there is no part 3"):
        q("DI-14", 3)


def test_an_unknown_claim_names_the_nearest(q):
    with pytest.raises(QuoteError, match=r"no claim 'DI-014'; did you mean DI-14\?"):
        q("DI-014")


# small on the page alone: in print the printed value follows in red
DIFFERS = '<span class="content-visible" when-format="html">^≠^</span>'


def test_the_printed_value_follows_a_difference_in_print(q):
    assert '"bold", " ≠ printed 95");`{=typst}' in q("DI-20", 3).data
    same = q("R3.5-03", words="five lines of anti-CD38 exposure").data
    assert '"bold", " ≠");`{=typst}' in same
    assert "{=typst}" not in q("DI-20", 0).data


def test_marks_say_what_differs_and_what_is_taken_from_print(q):
    assert visible(q("DI-10", 0).data) == "19.4"
    assert visible(q("DI-08").data) == "22, 27" + DIFFERS
    assert visible(q("DI-12", 1).data) == "74^†^"
    assert visible(q("RF-06").data) == "9"


def test_a_part_that_agrees_is_not_marked(q):
    assert visible(q("DI-20", 0).data) == "48.8"
    assert visible(q("DI-20", 3).data) == "90" + DIFFERS


def test_words_replace_the_value_and_keep_the_mark(q):
    assert visible(q("DI-27", words="most are retrospective").data) == "most are retrospective"
    assert visible(q("DI-16", words="a registry record").data) == "a registry record" + DIFFERS


def test_links_lead_to_the_ledger_entry_from_each_folder(q):
    assert "](92-audit.qmd#claim-DI-14)" in q("DI-14").data
    assert "](chapters/92-audit.qmd#claim-DI-14)" in q.within("chapters/")("DI-14").data


def test_every_claim_can_be_quoted_on_one_line(r, q):
    for claim_id in r.claims["claim_id"]:
        markup = q(claim_id).data
        assert "\n" not in markup and visible(markup), claim_id


def test_the_card_says_print_value_verdict_rule_and_sources(q):
    card = page(q("DI-20", 3).data)
    for told in ("48.8% (95% CI 35.1–62.6)", "48.78% (90% CI 35.14–62.56)", "does not match",
                 "20/41 with the exact method at 90%", "4 Discussion, LYNX paragraph"):
        assert told in card


VOID = ("br", "col", "hr")


class Tags(HTMLParser):
    """Open tags of a page, to see that every one is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.links, self.spans = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs))
        if tag == "span":
            self.spans.append(dict(attrs))

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag


def tags(markdown):
    parser = Tags()
    parser.feed(page(markdown))
    assert parser.open == []
    return parser


@pytest.mark.parametrize("frame", [
    "In a sentence {quote}, and on.",
    "- in a list {quote}",
    "| a | b |\n|---|---|\n| x | {quote} |\n",
    "::: {{#tbl-x}}\n\n| a |\n|---|\n| b |\n\nA caption {quote}.\n:::",
    "**In bold {quote}**",
])
@pytest.mark.parametrize("words", [None, 'with | bar, "quotes", [brackets] and *stars*'])
def test_the_markup_survives_wherever_it_stands(q, frame, words):
    found = tags(frame.format(quote=q("DI-20", words=words).data))
    link = next(a for a in found.links if a.get("class") == "claim-link")
    assert link["href"] == "92-audit.qmd#claim-DI-20"
    assert link["aria-label"].endswith("printed 48.8% (95% CI 35.1–62.6), does not match")
    classes = [span.get("class", "") for span in found.spans]
    assert sum("claim-card" in c for c in classes) == 1
    assert any(span.get("tabindex") == "-1" for span in found.spans)


def test_special_characters_of_the_data_stay_text(r):
    register = r.claims.copy()
    hit = register["claim_id"] == "DI-10"
    register.loc[hit, "claim"] = 'A | "b" [c] *d* @e $f$ <g> `h`'
    register.loc[hit, "published"] = 'x|"y"]'
    q = Quotes(r.with_tables(claims=register))
    found = page("| a |\n|---|\n| " + q("DI-10", 0).data + " |\n")
    assert 'A | "b" [c] *d* @e $f$ <g> `h`' in html.unescape(found)
    assert "<g>" not in found
    assert found.count("<td") == 1


def test_the_card_is_for_html_alone(q):
    card = next(span for span in tags(q("DI-14").data).spans
                if "claim-card" in span["class"])
    assert "content-visible" in card["class"] and card["data-when-format"] == "html"


@pytest.fixture(scope="module")
def later(r):
    """A later edition in which TRIMM-2 has another PFS, and no other trial an ORR."""
    outcomes = r.outcomes.copy()
    outcomes.loc[outcomes["outcome_id"] == "trimm-2-retreated-pfs", "value"] = 25.0
    outcomes.loc[outcomes["outcome_id"] == "trimm-2-retreated-orr", "value"] = 20.0
    return replace(r.with_tables(outcomes=outcomes),
                   edition=r.edition.replace({PUBLISHED: "later"}))


@pytest.mark.parametrize("claim_id", ["DI-10", "DI-11", "RF-01", "DI-20", "DI-12"])
def test_a_quote_is_that_of_the_published_edition_whatever_is_rendered(r, later, claim_id):
    assert Quotes(later)(claim_id).data == Quotes(r)(claim_id).data


def test_the_later_edition_of_these_tests_would_answer_otherwise(later):
    """Else nothing of it could be seen to be kept out of the quotes."""
    assert registry.entry(later, "DI-10").recomputed == "25; 20"
    assert registry.entry(later, "DI-11").status == compare.DIFFERS


def test_a_statement_of_the_article_keeps_its_words_in_a_later_edition(later):
    markup = Quotes(later)("DI-11", words="the highest").data
    assert visible(markup) == "the highest" and "this edition" not in page(markup)


def test_words_about_the_edition_have_the_card_and_no_mark(r, later):
    quoted, beside = Quotes(later)("DI-20"), Quotes(later).beside("DI-20", "25 months")
    assert "^≠^" in quoted.data and "^≠^" not in beside
    assert visible(beside) == "25 months"
    assert "claim-card" in beside and "printed 48.8% (95% CI 35.1–62.6), does not match" in beside


def test_the_legend_explains_both_marks():
    assert "^≠^ differs from what is printed" in legend()
    assert "^†^ taken as printed" in legend()
