"""The words of this review."""

from review.dataset.vocabulary import Characteristic, Outcome, Setting, Vocabulary

VOCABULARY = Vocabulary(
    settings={
        "hospital": Setting("hospital study", "hospital studies", "Hospitals", "tbl-studies"),
        "community": Setting("community study", "community studies", "Community", "tbl-studies"),
    },
    outcomes={
        "recovery": Outcome("time to recovery", "median", "days", survival=True, asked=True),
        "improved": Outcome("share improved", "proportion", "percent", asked=True),
    },
    characteristics={
        "follow_up": Characteristic("days", "median"),
        "age": Characteristic("years"),
    },
    most={"days": 3650, "percent": 100, "years": 110},
    therapy="bracing",
    appraisal_tool="none",
)
