"""The register as a whole: every claim has a function, every verdict is the reviewed one."""

import ast
import inspect
import re
from dataclasses import replace

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


def unkinded(entries):
    """Claims whose kind of check or consequence is not where the verdict asks for it."""
    return [e.claim_id for e in entries
            if bool(e.how) != (e.status != compare.NOT_RECOMPUTABLE)
            or bool(e.consequence) != (e.status == compare.DIFFERS)]


def test_every_comparison_says_what_it_rests_on_and_every_mismatch_what_it_changes(published):
    entries = verdicts.entries(published)
    assert unkinded(entries) == []
    spoilt = [replace(entries[0], how="arithmetic"), replace(entries[1], how=""),
              replace(entries[1], consequence="number")]
    assert len(unkinded(spoilt)) == 3


def test_a_table_row_that_stands_nowhere_else_rests_on_the_extraction(published):
    """One whose number stands in the text or a figure too is printed twice; that both places say
    not reported shows nothing."""
    for e in verdicts.entries(published):
        if e.function.__name__.endswith("_row"):
            repeated = re.search(r"the (text|figure) has \d", e.because)
            assert e.how == ("printed twice" if repeated else "extraction"), e.claim_id


def test_twins_are_treated_alike(published):
    """Statements that miss the same thing have the same verdict."""
    status = {e.claim_id: e.status for e in verdicts.entries(published)}
    for twins in (("R3.5-28", "R3.5-37"), ("R3.3-09", "R3.3-10"), ("AB-16", "AB-17"),
                  ("R3.4-03", "DI-03"), ("R3.5-19", "DI-06"), ("R3.5-08", "DI-33"),
                  ("R3.5-41", "DI-28"), ("R3.1-02", "R3.1-03", "R3.1-04"),
                  ("R3.1-08", "R3.1-10")):
        assert len({status[name] for name in twins}) == 1, twins


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
