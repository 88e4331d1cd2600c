"""What is rendered takes no date from the clock: nothing that a render runs asks for one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"\bdate\.today\b|\.(?:now|utcnow|localtime|gmtime|ctime)\b|\btime\.time\b|"
                   r"\btime\.strftime\b|Timestamp\.today\b")
MAY_ASK = {
    "review/checks/rule.py": "whether a date of the dataset lies ahead: refused, never shown",
    "review/update_commands.py": "the day of release that `review accept` proposes",
}


def askers() -> dict[str, str]:
    """The line that asks, of each module and chapter that does."""
    paths = [path for folder in ("review", "article", "press") for path in
             (ROOT / folder).rglob("*.py")] + [ROOT / "index.qmd", *ROOT.glob("chapters/*.qmd")]
    found = {}
    for path in sorted(paths):
        for line in path.read_text("utf-8").splitlines():
            if ASKED.search(line):
                found[path.relative_to(ROOT).as_posix()] = line.strip()
    return found


def test_nothing_that_a_render_runs_asks_for_the_day():
    assert askers().keys() == MAY_ASK.keys()


@pytest.mark.parametrize("line", ["date.today()", "datetime.now(UTC)", "time.time()",
                                  "time.strftime('%Y')"])
def test_a_question_is_seen(line):
    assert ASKED.search(line)
