"""The page on worked examples: what each would change."""

from review.dataset.load import load
from review.report import proposal


def test_the_candidates_of_a_dataset_are_tried_one_by_one(bare_data, newcomer):
    assert "no worked examples" in proposal.candidates(load("published", bare_data))
    (bare_data / "candidates").mkdir()
    newcomer(os="21.0").rename(bare_data / "candidates" / "newcomer")
    told = proposal.candidates(load("published", bare_data))
    assert "### Newcomer 2026 {#sec-candidate-newcomer}" in told and "does not hold" in told
    assert "21.0" in told and "Median OS in real-world studies: known range" in told
