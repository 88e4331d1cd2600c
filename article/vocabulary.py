"""The words of this review: its settings, outcomes, characteristics and units."""

from __future__ import annotations

from review.dataset.vocabulary import Characteristic, Outcome, Panel, Setting, Vocabulary

VOCABULARY = Vocabulary(
    settings={
        "clinical": Setting("clinical trial", "clinical trials", "Clinical trials", "tbl-clinical"),
        "rwe": Setting("real-world study", "real-world studies", "Real-world studies", "tbl-rwe"),
    },
    outcomes={
        "pfs": Outcome("PFS", "median", "months", survival=True, asked=True, within="os"),
        "os": Outcome("OS", "median", "months", survival=True, asked=True),
        "orr": Outcome("ORR", "proportion", "percent", asked=True),
        "cr_or_better": Outcome("CR or better", "proportion", "percent",
                                within="vgpr_or_better"),
        "vgpr_or_better": Outcome("VGPR or better", "proportion", "percent", within="orr"),
        "time_to_retreatment": Outcome("time to retreatment", "median", "months"),
        "time_to_next_treatment": Outcome("time to next treatment", "median", "months",
                                          synthesised=False),
        "duration_of_response": Outcome("duration of response", "median", "months",
                                        synthesised=False),
        "adverse_event": Outcome("adverse event", "proportion", "percent", synthesised=False),
    },
    characteristics={
        "population_size": Characteristic("patients", "count"),
        "follow_up": Characteristic("months", "median", "Median follow-up"),
        "prior_lines": Characteristic("lines", "median", "The median number of prior lines"),
        "refractory": Characteristic("percent", "percent"),
        "exposed": Characteristic("percent"),
        "high_risk_cytogenetics": Characteristic("percent"),
        "age": Characteristic("years"),
        "prior_transplant": Characteristic("percent"),
        "time_off_anti_cd38": Characteristic("months"),
    },
    most={"months": 400, "lines": 40, "percent": 100, "years": 110},
    therapy="retreatment",
    appraisal_tool="MMAT",
    comparison_figures=("fig-naive",),
    kept_statistics={
        "hazard ratio": ("ratio", "against which group it is"),
        "rate": ("percent", "the time that it is for, such as 12 months"),
    },
    panels={
        "fig-clinical-pfs": Panel("clinical", ("pfs",)),
        "fig-clinical-os": Panel("clinical", ("os",)),
        "fig-clinical-orr": Panel("clinical", ("orr",)),
        "fig-rwe-pfs": Panel("rwe", ("pfs",)),
        "fig-rwe-os": Panel("rwe", ("os",)),
        "fig-rwe-orr": Panel("rwe", ("orr",)),
        "fig-image": Panel("rwe", ("pfs",)),
        "fig-best-response": Panel("rwe", ("cr_or_better",)),
        "fig-naive": Panel("rwe", ("orr",)),
    },
)

# outcomes as the axis of a figure names them, and in full in its text alternative
AXIS_TITLES = {
    "pfs": "Median PFS",
    "os": "Median OS",
    "orr": "Overall response rate",
    "cr_or_better": "Complete response or better",
}
FULL_NAMES = {
    "pfs": "median progression-free survival in months",
    "os": "median overall survival in months",
    "orr": "overall response rate in percent",
    "cr_or_better": "complete response or better in percent",
}
# design of a study -> the word of the selection criteria that covers it
DESIGN_CATEGORIES = {
    "randomised": "randomised",
    "single-arm": "single-arm",
    "retrospective": "observational",
    "prospective": "observational",
}
