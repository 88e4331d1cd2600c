"""Claims of Tables 1 and 2, Results 3.4 and 3.5, Figures 1 and 2.

On the dataset: claims whose answer follows from the paper by hand. On changed copies: a cell
moves exactly the claims that rest on it, and a tampered print is a mismatch.
"""


import pandas as pd
import pytest
from layers import first

from article.claims import cells
from article.contents import CONTENTS
from review.audit import compare, printed, registry
from review.audit.answers import NotRecomputable, NoValue, Number, Span, Text
from review.dataset.load import Review, load
from review.dataset.schema import ROW

SECTIONS = ("T1-", "T2-", "R3.4-", "R3.5-", "F1-", "F2-")


@pytest.fixture(scope="module")
def review() -> Review:
    return load("published")


@pytest.fixture(scope="module")
def answers(review) -> dict:
    return verdicts(review)


def own_claims(review: Review) -> list[str]:
    return [name for name in review.claims["claim_id"] if name.startswith(SECTIONS)]


def verdicts(review: Review) -> dict[str, tuple]:
    """Status and values of each claim; the detail too where there is none."""
    found = {}
    for name in own_claims(review):
        entry = registry.entry(review, name)
        detail = entry.because if isinstance(entry.answer, NotRecomputable) else ""
        found[name] = (entry.status, entry.answer.atoms, detail)
    return found


def changed(review: Review, table: str, key: str, **cells_: object) -> Review:
    """The review with cells of one row replaced."""
    frame = getattr(review, table).copy()
    names = {"outcomes": "outcome_id", "characteristics": "characteristic_id",
             "claims": "claim_id", "arms": "arm_id", "studies": "study_id", "facts": "fact_id",
             "abbreviations": "abbreviation", "reports": "report_id", "footnotes": "footnote_id"}
    row = frame[names[table]] == key
    assert row.sum() == 1, f"{table}: {key}"
    for column, value in cells_.items():
        frame.loc[row, column] = value
    return review.with_tables(**{table: frame})


def status(review: Review, claim_id: str) -> str:
    return registry.entry(review, claim_id).status


# ---- the register and the code


def test_every_claim_of_these_sections_has_a_rule_with_words(review):
    rules = registry.rules(CONTENTS)
    silent = [name for name in own_claims(review) if not (rules[name].__doc__ or "").strip()]
    assert silent == []


def test_rules_return_as_many_values_as_are_printed(answers):
    assert {verdict[0] for verdict in answers.values()} <= set(compare.STATUSES)


def test_every_answer_names_rows_that_exist(review):
    known = {f"{table}/{key}" for table, column in {
        "outcomes": "outcome_id", "characteristics": "characteristic_id", "reports": "report_id",
        "studies": "study_id", "footnotes": "footnote_id", "facts": "fact_id",
    }.items() for key in getattr(review, table)[column]}
    unknown = {name: set(registry.entry(review, name).rows) - known for name in own_claims(review)}
    assert {name: rows for name, rows in unknown.items() if rows} == {}


def test_each_recomputed_claim_rests_on_rows(review):
    bare = [name for name in own_claims(review)
            if not isinstance(registry.entry(review, name).answer, NotRecomputable)
            and not registry.entry(review, name).rows]
    assert bare == []


def test_reasons_are_from_the_closed_list(review):
    reasons = {registry.entry(review, name).answer.reason for name in own_claims(review)
               if isinstance(registry.entry(review, name).answer, NotRecomputable)}
    assert reasons <= {"supplement", "figure image", "external source", "not published",
                       "judgement"}


# ---- answers that follow from the paper by hand


@pytest.mark.parametrize(("claim_id", "verdict", "atoms"), [
    ("T1-08", "reproduces", (10, frozenset({*range(22, 28), *range(57, 61)}))),
    ("T2-19", "reproduces", (24, frozenset({21, *range(28, 46), *range(61, 66)}))),
    ("R3.4-10", "reproduces", (3,)),
    ("R3.4-14", "does_not_match", (frozenset({23}),)),
    ("R3.4-17", "reproduces", (3,)),
    ("R3.4-18", "reproduces", (100 * 2 / 44, 44)),
    ("R3.4-19", "reproduces", (25.0, 5, 20)),
    ("R3.4-21", "reproduces", (frozenset({22, 23, 27}),)),
    ("F1-01", "reproduces", (57,)),  # 0.88 x 65 = 57.2
    ("R3.5-03", "does_not_match", (False,)),
    ("R3.5-07", "does_not_match", (frozenset({28, 30, 32, 33, 35}),)),
    ("R3.5-14", "reproduces", (12, 173)),
    ("R3.5-18", "reproduces", (6,)),
    ("R3.5-19", "reproduces_under_rule", (False,)),
    ("R3.5-20", "reproduces", (14, frozenset(range(31, 45)))),
    ("R3.5-21", "reproduces", (9, 192)),
    ("R3.5-24", "does_not_match", (frozenset({28, 36}),)),
    ("R3.5-25", "does_not_match", (frozenset({44}),)),
    ("R3.5-26", "reproduces_under_rule", (frozenset({36, 44}),)),
    ("R3.5-31", "reproduces", (100 / 49, 1, 49)),
    ("R3.5-32", "reproduces", (100 * 8 / 39, 8, 39)),
    ("R3.5-35", "reproduces_under_rule", (False,)),
    ("T1-03", "does_not_match", (False,)),
    ("R3.5-38", "reproduces", (2,)),
    ("R3.5-39", "reproduces_under_rule", (100 * 21 / 43, "no size to derive it from")),
    ("R3.5-40", "does_not_match", ("no whole number of patients (nearest 88.9)", 100 * 5 / 13,
                                   "no whole number of patients (nearest 33.3)")),
    ("R3.5-44", "reproduces", (43, 100 * 21 / 43)),
    ("R3.5-47", "reproduces", (frozenset({29, 34}),)),
    ("F2-02", "reproduces", (7,)),
    ("F2-03", "reproduces", (14,)),
    ("F2-06", "reproduces", (9,)),
])
def test_answers_that_arithmetic_proves(answers, claim_id, verdict, atoms):
    assert answers[claim_id][:2] == (verdict, pytest.approx(atoms) if all(
        isinstance(atom, float | int) for atom in atoms) else atoms)


@pytest.mark.parametrize("claim_id", [
    "R3.4-02", "R3.4-07", "R3.4-08", "R3.4-09", "R3.4-16", "R3.5-09", "R3.5-10", "R3.5-29",
    "R3.5-28", "R3.5-37", "R3.5-42", "R3.5-43",
    # medians that stand only in an image, held by the statement itself or by its repetition
    "R3.4-03", "R3.5-08",
    # what only the included reports could show
    "R3.5-41",
    # another population than the one that the text divides
    "R3.5-11",
])
def test_what_the_article_gives_once_is_not_called_reproduced(answers, claim_id):
    assert answers[claim_id][0] == "not_recomputable"


@pytest.mark.parametrize(("claim_id", "words"), [
    ("R3.5-24", "24.6% of 38 (Zhou 2022) is 9.35 patients"),
    ("R3.5-24", "24.6% of 57 (MAMMOTH) is 14"),
    ("R3.5-25", "90.0% of 57 (MAMMOTH) is 51.30 patients"),
    ("R3.5-11", "56/(56 + 22 + 215) = 19.1%"),
    ("R3.5-11", "exactly by 22/78 and by 56/200, or by at least 34"),
    ("R3.5-11", "(90/327)"),
    ("R3.5-08", "8 of 13 medians stand only in the image of Figure 2A"),
    ("R3.5-40", "89.0% is no whole number in any group of up to 49"),
    ("R3.4-20", "43/57, 49/65"),
    ("F2-04", "Results 3.5 and Figure 2B have 38 patients"),
    ("F2-05", "of 38 and 58 patients, neither can give 70.0%"),
    ("F2-05", "26/37 and 40/57 would: unassigned, not impossible"),
    ("R3.5-19", "24.6 months"),
    ("R3.5-28", "Perez de Acha 2023 9"),
])
def test_arithmetic_in_words(review, claim_id, words):
    assert words in registry.entry(review, claim_id).because


def test_counts_that_the_article_leaves_out_stand_beside(review):
    beside = {name: registry.entry(review, name).answer.beside for name in ("R3.5-45", "R3.5-46")}
    assert beside["R3.5-45"].members == ("Girvan 2022",)
    assert beside["R3.5-46"].value == 5


def test_a_size_that_only_a_machine_read_is_no_mismatch(review):
    entry = registry.entry(review, "F2-04")
    assert (entry.status, entry.answer.reason) == ("not_recomputable", "figure image")
    assert entry.answer.beside.value == 38
    assert entry.rows == ("outcomes/zhou-2022-retreated-os",)


# ---- table rows


def as_table_prints(words: str) -> str:
    """A printed cell without what the row's other columns hold: brackets, unit, outcome."""
    for old, new in {"[": "(", "]": ")", " for OS": "", " months": "", "penta-ref": "penta ref",
                     ", IQR": "", ", 95% CI": ""}.items():
        words = words.replace(old, new)
    return words


def test_each_table_cell_rebuilt_from_numbers_is_the_printed_one(review):
    rows = review.characteristics
    rows = rows[rows["table"].notna() & rows["characteristic"].isin(cells.COLUMNS)]
    assert len(rows) > 60
    differing = {row["characteristic_id"]: (cells.cell(row).text, row["printed"])
                 for _, row in rows.iterrows()
                 if as_table_prints(cells.cell(row).text) != as_table_prints(row["printed"])}
    assert differing == {}


def a_cell(**given) -> pd.Series:
    empty = dict.fromkeys(["value", "low", "high", "bound_low", "bound_high", "spread", "detail",
                           "printed"], pd.NA)
    return pd.Series({ROW: "characteristics/x", **empty, "unit": "", "printed": "", **given})


@pytest.mark.parametrize(("given", "atoms", "words"), [
    ({"value": 10.0, "low": 8.5, "high": 10.9, "spread": "iqr", "printed": "10.0 (8.5–10.9)"},
     (10.0, 8.5, 10.9), "10.0 (8.5–10.9, IQR)"),
    ({"bound_low": 3.0, "printed": ">3"}, (">3",), ">3"),
    ({"bound_high": 53.0, "spread": "not reported"}, ("≤53", "NR"), "≤53 (NR)"),
    ({"value": 41.0, "spread": "not reported", "printed": "41 (NR)"}, (41.0, "NR"), "41 (NR)"),
    ({"value": 100.0, "unit": "percent", "detail": "dara and pom"}, (100.0,),
     "100% Dara and Pom ref"),
    ({"printed": "NR"}, ("NR",), "NR"),
    ({"value": 11.0, "printed": "10.0"}, (11.0,), "11"),  # the typed number, not the print
])
def test_cell(given, atoms, words):
    found = cells.cell(a_cell(**given))
    assert (found.atoms, found.text) == (atoms, words)


@pytest.mark.parametrize(("label", "pairs"), [
    ("97% Dara ref, 55% penta ref", [("97", "dara"), ("55", "penta")]),
    ("100% anti-CD38 ref", [("100", "anti-CD38")]),
    ("NR", [("NR", "NR")]), ("Dara ref", []),
])
def test_shares_of_a_figure_label(label, pairs):
    assert cells.shares(label) == pairs


def test_cell_and_figure_that_differ_do_not_reproduce(review):
    spoilt = changed(review, "arms", "kikuchi-2023-retreated", refractory_printed="71% Dara ref")
    entry = registry.entry(spoilt, "T2-04")
    assert entry.status == "does_not_match"
    assert "72% Dara ref here, 71 in the figure" in entry.recomputed


def test_follow_up_that_the_text_gives_otherwise_does_not_reproduce(review):
    spoilt = changed(review, "outcomes", "mikhael-2021-retreated-os", follow_up_printed="4.9")
    assert status(spoilt, "T1-07") == "does_not_match"
    assert status(spoilt, "T1-05") == "reproduces"


# ---- changed data move exactly the claims that rest on them


@pytest.mark.parametrize(("table", "key", "cells_", "moved"), first(2, [
    ("outcomes", "icaria-mm-dara-after-isa-pfs", {"value": 5.0}, {"R3.4-03", "R3.4-23"}),
    ("outcomes", "icaria-mm-dara-orr", {"n": 6}, {"R3.4-19"}),
    ("outcomes", "mammoth-dara-based-orr", {"n_total": 58}, {"R3.5-22", "R3.5-24"}),
    ("outcomes", "zhou-2020-retreated-orr", {"n_total": 11},
     {"R3.5-23", "R3.5-25", "R3.5-34"}),
    ("outcomes", "image-refractory-pfs", {"n_total": 80}, {"R3.5-11"}),
    ("outcomes", "yashar-2021-5l-pfs", {"value": 2.0},
     {"R3.5-02", "R3.5-08", "R3.5-48"}),
    ("outcomes", "kikuchi-2023-retreated-os", {"n_total": 11}, {"R3.5-14", "R3.5-49"}),
    ("outcomes", "kikuchi-2023-retreated-os", {"status": "not transcribed"}, {"R3.5-18"}),
    ("outcomes", "szabo-2022-retreated-orr", {"n_total": 189}, {"R3.5-21", "R3.5-50"}),
    ("outcomes", "abdallah-2023-responders-time-to-retreatment", {"n_total": 22},
     {"R3.5-39", "R3.5-44"}),
    ("outcomes", "nooka-2019-naive-orr", {"value": 30.0, "printed": "30.0"},
     {"R3.5-38", "R3.5-40"}),
    ("characteristics", "image-follow-up", {"value": 15.0}, {"T2-06", "R3.5-04"}),
    ("characteristics", "zhou-2022-refractory-penta", {"value": 56.0}, {"T2-11", "R3.5-16"}),
    ("characteristics", "dara-atra-follow-up", {"value": 44.0}, {"T1-05", "R3.4-13"}),
    ("characteristics", "trimm-2-exposed", {"value": 80.0}, {"F1-01"}),
    ("characteristics", "lesokhin-2023-follow-up", {"high": 11.0}, {"T1-01"}),
    ("characteristics", "kastritis-2023-refractory", {"value": 90.0}, {"T2-03", "R3.5-07"}),
    ("studies", "dara-atra", {"registry_id": "NCT00000000"}, {"R3.4-22"}),
    ("facts", "no-complete-response", {"value": 7.0}, {"R3.5-30"}),
]))
def test_a_changed_cell_moves_exactly_its_claims(review, answers, table, key, cells_, moved):
    after = verdicts(changed(review, table, key, **cells_))
    assert {name for name in answers if after[name] != answers[name]} == moved


@pytest.mark.parametrize(("claim_id", "tokens", "before", "after"), [
    ("T2-04", "8.9;0.1;25.0;4;1;8;72", "reproduces", "does_not_match"),
    ("R3.5-14", "12;174", "reproduces", "does_not_match"),
    ("R3.4-15", "6;refs:22-26", "reproduces", "does_not_match"),
    ("R3.5-11", "19.1", "not_recomputable", "reproduces"),
    ("R3.5-24", "refs:36", "does_not_match", "reproduces"),
    ("R3.5-24", "refs:28", "does_not_match", "reproduces"),
])
def test_a_tampered_print_is_seen(review, claim_id, tokens, before, after):
    assert status(review, claim_id) == before
    assert status(changed(review, "claims", claim_id, tokens=tokens), claim_id) == after


def test_abstract_and_results_must_agree(review):
    spoilt = changed(review, "claims", "AB-18", tokens="10.8;19.1")
    assert status(spoilt, "R3.4-12") == "does_not_match"
    assert status(spoilt, "R3.4-13") == "reproduces"


def test_an_emptied_cell_leaves_nothing_to_recompute(review):
    empty = changed(review, "outcomes", "icaria-mm-dara-orr", n=pd.NA)
    assert status(empty, "R3.4-19") == "not_recomputable"


def test_sizes_are_told_once_the_figure_is_read(review):
    for key, size in {"lesokhin-2023-retreated-pfs": 6, "dara-atra-all-pfs": 44,
                      "fusion-mm-005-retreated-pfs": 18, "mikhael-2021-retreated-pfs": 32}.items():
        review = changed(review, "outcomes", key, n_total=size)
    entry = registry.entry(review, "R3.4-02")
    assert isinstance(entry.answer, Span)
    assert entry.status == "reproduces"


def test_a_bound_never_enters_a_range(review):
    low = changed(review, "outcomes", "yashar-2021-2l-pfs", bound_low=0.1, bound_high=0.2)
    assert registry.entry(low, "R3.5-02").answer == registry.entry(review, "R3.5-02").answer


def test_a_transcribed_value_can_overturn_a_claim(review):
    read = changed(review, "outcomes", "mikhael-2021-retreated-pfs",
                   status="value", kind="reported", value=3.4, printed="3.4")
    assert status(read, "R3.4-03") == "does_not_match"


# ---- prints elsewhere


def test_agreed_keeps_what_every_print_confirms():
    own = Number(19.4, "19.4")
    assert printed.agreed(own, "19.4", "19").atoms == (19.4,)


def test_agreed_names_both_where_prints_differ():
    found = printed.agreed(Number(19.4, "19.4"), "19.4", "19.6")
    assert isinstance(found, Text)
    assert found.text == "19.4 here, 19.6 elsewhere"


def test_limit_is_the_number_in_the_wording(review):
    assert printed.limit(review, "R3.4-03") == 3
    assert printed.limit(review, "R3.5-08") == 95


def test_a_claim_without_the_limit_that_it_names_is_told(review):
    with pytest.raises(NoValue, match="claims.csv, R3.5-08: threshold is empty"):
        printed.limit(changed(review, "claims", "R3.5-08", threshold=pd.NA), "R3.5-08")


# ---- data that are not there


def test_a_value_read_from_a_figure_needs_no_print(review):
    read = changed(review, "outcomes", "mammoth-dara-based-orr", printed=pd.NA)
    assert status(read, "R3.5-22") == "reproduces"
    assert registry.entry(read, "R3.5-24").answer.text == "28 or 36"


@pytest.mark.parametrize("claim_id", ["R3.4-04", "R3.4-11", "R3.4-18", "R3.5-40"])
def test_a_group_that_is_gone_is_no_error(review, claim_id):
    gone = review.with_tables(outcomes=review.outcomes.iloc[:0])
    assert status(gone, claim_id) == "not_recomputable"


def test_equal_lowest_values_are_no_error(review):
    tie = changed(review, "outcomes", "image-refractory-pfs", value=1.5)
    assert status(tie, "R3.5-02") == "reproduces"


def test_no_rule_of_these_sections_fails_without_outcomes(review):
    gone = review.with_tables(outcomes=review.outcomes.iloc[:0])
    statuses = {registry.entry(gone, name).status for name in own_claims(gone)}
    assert statuses <= set(compare.STATUSES)
