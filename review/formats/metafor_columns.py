"""The columns of the CSV for R's meta and metafor, in their order, and what each holds."""

from __future__ import annotations

NA = "NA"  # what stands for everything that is not known, in numbers and words

COLUMNS = {
    "outcome": "outcome, a word of the dataset's vocabulary",
    "setting": "setting of the study",
    "study": "label of the study, for studlab and slab",
    "group": "label of the treatment group",
    "statistic": "median, proportion, hazard ratio or rate",
    "xi": "events, of proportions; NA unless reported or the one whole count that fits",
    "ni": "patients in the group",
    "known": "class of what is known of a proportion, A (events and patients reported) to E",
    "est": "the value, in `unit`",
    "kind": "whether est is reported, derived or inferred; bound where only limits are known",
    "unit": "unit of est, ci.lb and ci.ub",
    "ci.level": "level of the interval in percent",
    "ci.lb": "lower end of the interval",
    "ci.ub": "upper end of the interval; NA also where it was not reached",
    "ci.ub.status": "what stands in the place of an upper end, such as not reached",
    "status": "value, limits, not reached, not estimable, not transcribed or not reported",
    "design": "design of the study",
    "phase": "phase of the trial",
    "report_type": "type of the report that was read",
    "refractory": "refractory in the group, in percent",
    "exposure": "status of the group before the regimen, such as refractory or exposed",
    "line": "line of therapy",
    "time_zero": "from when time is counted",
    "follow_up": "follow-up as printed",
    "row": "key of the row in the dataset, TABLE/KEY",
    "source": "key of the document in the table of sources",
    "locator": "place in that document",
}
