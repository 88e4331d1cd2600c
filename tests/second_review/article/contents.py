"""What this review hands to the engine."""

from review.contents import Contents

from .vocabulary import VOCABULARY

CONTENTS = Contents(
    vocabulary=VOCABULARY,
    claims=f"{__package__}.claims",
    conclusions=(f"{__package__}.conclusions",),
    checks=f"{__package__}.checks",
    figures={"fig-recovery": f"{__package__}.displays"},
    tables={"tbl-studies": f"{__package__}.displays"},
    sentences=(),
    audit_chapter="audit.qmd",
    rows_chapter="rows.qmd",
    studies_chapter="studies.qmd",
)
