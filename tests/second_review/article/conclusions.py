"""The headline sentence of this review."""

from review.audit.conclusions import Link, Verdict, headline
from review.audit.printed import limit
from review.audit.registry import entry
from review.dataset.load import Review
from review.wording import amount


@headline("recovery-limit", "Half of the patients recover within the limit", "DI-01")
def recovery_within_the_limit(r: Review) -> Verdict:
    """The statement's own rule decides."""
    found = entry(r, "DI-01")
    (holds,) = found.answer.atoms
    most = amount(limit(r, "DI-01"), "days")

    def words(link: Link) -> str:
        told = link("DI-01", f"within {most}" if holds else f"later than {most} in some studies")
        return f"Where it was reached, half of the patients recovered {told}: {found.because}."

    return Verdict(holds, found.because, found.rows, words)
