"""The register as a whole: every claim has a function, every verdict is the reviewed one."""

import ast
import inspect
import re

from article.contents import CONTENTS
from review.audit import compare, registry, verdicts
from review.dataset.schema import ROW

# how a rule may be at a loss
REASONS = {"supplement", "figure image", "external source", "not published", "judgement"}


def test_register_functions_and_references_fit_together(published):
    assert [str(p) for p in verdicts.problems(published)] == []


def test_every_verdict_is_the_reviewed_one(published):
    assert [str(p) for p in verdicts.changed(published)] == []


def test_every_mismatch_and_every_rule_has_a_note(published):
    bare = [e.claim_id for e in verdicts.entries(published)
            if e.status in (compare.DIFFERS, compare.UNDER_RULE) and not e.note]
    assert bare == []


def test_every_mismatch_shows_its_arithmetic(published):
    bare = [e.claim_id for e in verdicts.entries(published)
            if e.status == compare.DIFFERS and not e.because]
    assert bare == []


def test_what_cannot_be_recomputed_says_why(published):
    odd = {e.claim_id: e.answer.reason for e in verdicts.entries(published)
           if e.status == compare.NOT_RECOMPUTABLE and e.answer.reason not in REASONS}
    assert odd == {}


def test_a_claim_with_a_reason_other_than_judgement_or_printing_rests_on_rows(published):
    bare = [e.claim_id for e in verdicts.entries(published)
            if e.status != compare.NOT_RECOMPUTABLE and not e.rows]
    assert bare == []


def test_every_row_a_claim_names_exists(published):
    known = {row for table in published.tables.values() for row in table[ROW]}
    lost = {key for e in verdicts.entries(published) for key in e.rows if key not in known}
    assert lost == set()


def test_every_function_states_its_rule_in_words(published):
    bare = [name for name, rule in registry.rules(CONTENTS).items()
            if len((inspect.getdoc(rule) or "").split()) < 3]
    assert bare == []


def test_every_rule_can_be_read_in_one_look():
    long = {rule.__name__: lines for rule in registry.rules(CONTENTS).values()
            if (lines := len(inspect.getsource(rule).splitlines())) > 40}
    assert long == {}


def test_no_rule_types_a_printed_value(published):
    """Decimals and large numbers in code would be values; small whole numbers are steps, and the
    hundred is that of percent."""
    printed = {token for tokens in published.claims["tokens"].dropna()
               for token in compare.tokens(tokens)
               if re.fullmatch(r"\d+\.\d+|\d{3,}", token)} - {"100"}
    typed = {}
    for claim_id, rule in registry.rules(CONTENTS).items():
        tree = ast.parse(inspect.cleandoc(inspect.getsource(rule)))
        found = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)
                 and isinstance(node.value, int | float) and not isinstance(node.value, bool)}
        if found & printed:
            typed[claim_id] = found & printed
    assert typed == {}


def test_no_docstring_holds_a_printed_decimal(published):
    typed = [name for name, rule in registry.rules(CONTENTS).items()
             if re.search(r"\b\d+\.\d+%|\b\d+\.\d+ months", inspect.getdoc(rule) or "")]
    assert typed == []
