"""Time the whole report, HTML and PDF, for a review of 24, 240 and 2,400 studies.

The studies are copies of the real ones, as in scale.py, each with its entries in the references:

    python bench/growth.py [--copies 1 10 100]
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from measure import ROOT, CommandFailed, Line, report, run
from render import LEFT_OUT
from scale import multiply

ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),", re.M)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--to", default="html,pdf", help="the formats (default: both)")
    arguments = parser.parse_args()
    lines = []
    for copies in arguments.copies:
        with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
            project = Path(folder) / "project"
            shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
            shutil.rmtree(project / "data")
            studies = multiply(ROOT / "data", project / "data", copies)
            multiply_references(project / "references.bib", copies)
            for name in ("rows", "candidates"):
                shutil.copytree(ROOT / "data" / name, project / "data" / name)
            without_checks(project / "_quarto.yml")
            try:
                done = run([sys.executable, "-m", "review", "render", "--engine", "embedded",
                            "--to", arguments.to], cwd=project, env={"PYTHONPATH": str(project)})
            except CommandFailed as error:
                print(error, file=sys.stderr)
                return 1
            page = project / "_book" / "index.html"
            size = page.stat().st_size / 1e6 if page.is_file() else 0.0
        name = f"{studies:,} studies"
        lines += [Line(f"{name}: render", done.seconds, "s"),
                  Line(f"{name}: processor time of it", done.processor_seconds, "s"),
                  Line(f"{name}: peak memory of any process", done.peak_mb, "MB"),
                  Line(f"{name}: the page", size, "MB")]
    report("growth", lines)
    return 0


def multiply_references(path: Path, copies: int) -> None:
    """Give each entry a copy for each copy of a study, under the key that scale.py gives it."""
    text = path.read_text("utf-8")
    grown = [ENTRY.sub(rf"@\1{{\2-copy{number},", text) for number in range(2, copies + 1)]
    path.write_text("\n".join([text, *grown]), "utf-8")


def without_checks(path: Path) -> None:
    """Leave out the validation: a copy of a study breaks rules that the study itself is excused
    from by its place in the published edition. scale.py times it."""
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"^ +(- )?(pre-render: )?python -m review validate.*\n", "", text,
                           flags=re.M), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
