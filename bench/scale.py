"""Time the analysis of a synthetic review, a hundred and a thousand times the size of the real one.

Each study of the dataset, with its reports, arms, outcomes, characteristics and appraisal, is
copied under new keys and added as one update. Which tables grow and which columns are keys is read
from the schema; what names a publication is changed as well, so that no copy is a duplicate.

    python bench/scale.py [--copies 100 1000]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from measure import ROOT, CommandFailed, Line, report, run

EDITION = "synthetic"
# Seconds for a hundred copies of 24 studies, and for a thousand; MB of the one process.
TARGETS = {100: (5, None), 1000: (45, 2000)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, nargs="+", default=sorted(TARGETS))
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.analyse:
        print(json.dumps(analyse(arguments.analyse)))
        return 0
    lines, totals = [], {}
    for copies in arguments.copies:
        with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
            studies = multiply(ROOT / "data", Path(folder) / "data", copies)
            try:
                done = run(
                    [sys.executable, __file__, "--analyse", str(Path(folder) / "data")],
                    cwd=ROOT,
                    env={"PYTHONPATH": str(ROOT)},
                )
            except CommandFailed as error:
                print(error, file=sys.stderr)
                return 1
        steps = json.loads(done.output.splitlines()[-1])
        totals[studies] = done.seconds
        seconds, megabytes = TARGETS.get(copies, (None, None))
        name = f"{studies:,} studies"
        lines += [Line(f"{name}: {step}", taken, "s") for step, taken in steps.items()]
        lines.append(Line(f"{name}: all, with start-up", done.seconds, "s", seconds))
        lines.append(Line(f"{name}: processor time of it", done.processor_seconds, "s"))
        lines.append(Line(f"{name}: peak memory", done.peak_mb, "MB", megabytes))
    if len(totals) > 1:
        small, large = min(totals), max(totals)
        growth = totals[large] / totals[small]
        lines.append(Line(f"growth of time for {large / small:.0f} times the data",
                          growth, "x", large / small))
    report("scale", lines)
    return 0


def analyse(data: Path) -> dict[str, float]:
    """Seconds of each step from the files to the conclusions."""
    from review.audit import conclusions, registry
    from review.checks import validate
    from review.dataset.load import load

    taken = {}

    def timed(step, function, *values):
        start = time.perf_counter()
        result = function(*values)
        taken[step] = time.perf_counter() - start
        return result

    timed("validate", validate.validate, data)
    review = timed("load", load, EDITION, data)
    timed("claims", registry.evaluate, review)
    timed("conclusions", conclusions.evaluate, review)
    return taken


def multiply(source: Path, target: Path, copies: int) -> int:
    """Write the dataset with every study standing `copies` times; returns the count of studies."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".checked", "rows", "candidates"))
    package = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    resources = {r["name"]: r for r in package["resources"]}
    growing = {
        name for name, r in resources.items()
        if any(field["name"] == "edition_added" for field in r["schema"]["fields"])
    }
    for name in growing:
        path = target / resources[name]["path"]
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
        keys = linking(resources[name]["schema"], growing)
        grown = [table, *(copy(table, keys, number) for number in range(2, copies + 1))]
        pd.concat(grown).to_csv(path, index=False, lineterminator="\n")
    add_edition(target / resources["editions"]["path"])
    return copies * len(pd.read_csv(source / resources["studies"]["path"]))


def linking(schema: dict, growing: set[str]) -> list[str]:
    """The columns that name a row of a growing table: its own key and the keys to others."""
    foreign = [
        field
        for key in schema["foreignKeys"]
        if key["reference"]["resource"] in growing
        for field in key["fields"]
    ]
    return list(dict.fromkeys([*schema["primaryKey"], *foreign]))


def copy(table: pd.DataFrame, keys: list[str], number: int) -> pd.DataFrame:
    """The rows under keys and names of their own, added by the synthetic edition."""
    rows = table.copy()
    prefixes = dict.fromkeys(keys, f"copy-{number}-")
    endings = {"label": f" ({number})", "doi": f".{number}", "citekey": f"-copy{number}"}
    for column in rows.columns.intersection([*prefixes, *endings]):
        renamed = prefixes.get(column, "") + rows[column] + endings.get(column, "")
        rows[column] = rows[column].where(rows[column] == "", renamed)
    if "registry_id" in rows:
        rows["registry_id"] = ""
    rows["edition_added"] = EDITION
    return rows


def add_edition(path: Path) -> None:
    editions = pd.read_csv(path, dtype="string", keep_default_na=False)
    last = editions.iloc[[-1]].assign(
        edition_id=EDITION,
        position=str(len(editions) + 1),
        name="Synthetic",
        type="update",
    )
    pd.concat([editions, last]).to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
