"""The engine of a living, audited review, from its dataset to its command line.

Knows no disease, no article and no chapter: what belongs to one article (its claims, conclusions,
figures, tables, eligibility, words) is handed over as `contents.Contents`. Imports run one way:
dataset, checks, audit, synthesis, update, formats, report, commands.
"""

VERSION = "1.0.0"
"""The version in pyproject.toml, for what is written by it: known whether installed or not, and the
same with an installation of an older one."""
