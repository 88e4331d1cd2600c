"""What a proposal does to the report is told: numbers, conclusions, claims, rows, figures, text."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from reproduce import changed, overlay, plain

DRAWING = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 50">'
           '<path d="M0 0h{x}" stroke="#333"/></svg>')
KNOWN = {"studies": 24, "ranges": {"os": {"low": {"text": "2 months", "owners": ["A", "B"]}}},
         "headlines": {"ceiling": "holds", "floor": "holds"}}


def report(folder: Path, sentence="The highest is 8.4 months.", verdict="reproduces", x=10,
           cell="8.4") -> Path:
    """A made report."""
    for name in ("downloads", "figures", "data/rows"):
        (folder / name).mkdir(parents=True)
    (folder / "index.html").write_text(
        f"<html><head><title>T</title></head><body><nav>contents</nav><h1>Results</h1><p>{sentence}"
        "</p><p>The same <b>in both</b>.</p><pre>code</pre><script>1</script></body></html>",
        "utf-8")
    (folder / "downloads/claims.json").write_text(json.dumps({"claims": [
        {"claim_id": "AB-1", "printed": "8.4", "recomputed": cell, "status": verdict},
        {"claim_id": "AB-2", "printed": "1", "recomputed": None, "status": "not_recomputable"}]}),
        "utf-8")
    (folder / "figures/fig-os.svg").write_text(DRAWING.format(width=100, x=x), "utf-8")
    (folder / "figures/fig-same.svg").write_text(DRAWING.format(width=90, x=1), "utf-8")
    (folder / "data/rows/fig-os.csv").write_text(f"study,value\nA,{cell}\nB,2\n", "utf-8")
    return folder


def known(path: Path, **differing) -> Path:
    path.write_text(json.dumps(KNOWN | differing), "utf-8")
    return path


@pytest.fixture
def both(tmp_path) -> list[str]:
    """The arguments for two reports that differ in everything that is compared."""
    before = report(tmp_path / "before")
    after = report(tmp_path / "after", "The highest is 9.1 months.", "does_not_match", 20, "9.1")
    (after / "figures/fig-new.svg").write_text(DRAWING.format(width=10, x=1), "utf-8")
    ranges = {"os": {"low": {"text": "3 months", "owners": ["B"]}}}
    files = [known(tmp_path / "b.json"), known(
        tmp_path / "a.json", ranges=ranges, headlines={"ceiling": "is refuted", "floor": "holds"})]
    return [str(path) for path in (before, after, "--known", *files, "--output", tmp_path / "out")]


def test_everything_that_differs_is_told(both, tmp_path):
    assert changed.main(both) == 0
    told = (tmp_path / "out/changes.md").read_text("utf-8")
    for line in ("### Numbers: 2", "| ranges.os.low.text | 2 months | 3 months |",
                 "| ranges.os.low.owners | A, B | B |",
                 "### Conclusions: 1", "| ceiling | holds | is refuted |",
                 "### Claims of the article: 2", "| AB-1 recomputed | 8.4 | 9.1 |",
                 "| AB-1 status | reproduces | does\\_not\\_match |",
                 "### Rows behind figures and tables: 1", "| data/rows/fig-os.csv | 1 | 1 |",
                 "### Figures: 2", "| fig-new | new |",
                 "| fig-os | both states in figures/fig-os.svg |",
                 "-The highest is 8.4 months.", "+The highest is 9.1 months."):
        assert line in told.splitlines(), line
    assert "The same" not in told and "code" not in told.replace("```", "")
    assert [path.name for path in (tmp_path / "out/figures").iterdir()] == ["fig-os.svg"]
    assert (tmp_path / "out/text.diff").read_text("utf-8").count("\n") == 5


def test_nothing_that_differs_is_told_too(tmp_path):
    before = report(tmp_path / "before")
    shutil.copytree(before, tmp_path / "after")
    changed.write(before, tmp_path / "after", [KNOWN, KNOWN], tmp_path / "out")
    told = (tmp_path / "out/changes.md").read_text("utf-8")
    assert told.count("### ") == told.count("none differs") == 6
    assert not (tmp_path / "out/figures").exists()


def test_a_comment_is_never_too_long_and_holds_no_markup_of_the_data(tmp_path):
    before, after = report(tmp_path / "before"), report(tmp_path / "after", "x" * 70_000)
    values = {"headlines": {f"<b>n{n}|`@me`": str(n) for n in range(200)}}
    changed.write(before, after, [KNOWN, values], tmp_path / "out")
    told = (tmp_path / "out/changes.md").read_text("utf-8")
    assert len(told) < 65_536 and told.endswith("cut here; the rest is in the files beside it\n")
    assert "\\<b\\>n0\\|\\`\\@me\\`" in told
    assert "more\n" in told


def test_a_folder_without_a_report_is_told(tmp_path, capsys):
    assert changed.main([str(tmp_path), str(tmp_path), "--output", str(tmp_path / "out")]) == 2
    assert "holds no rendered report" in capsys.readouterr().err


def test_both_states_lie_in_one_drawing_as_large_as_the_larger():
    drawn = overlay.overlay(DRAWING.format(width=100, x=1), DRAWING.format(width=120, x=2), "a & b")
    root = ET.fromstring(drawn)
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == "0 0 120 68"
    assert [image.get("width") for image in root.iter(f"{name}image")] == ["100", "120"]
    assert root.find(f"{name}title").text == "a & b, before and after"


def test_a_drawing_without_a_size_is_refused():
    with pytest.raises(ValueError, match="no viewBox"):
        overlay.overlay("<svg/>", "<svg/>", "x")


def test_a_page_as_text():
    html = ("<body><h2>Head <a>line</a></h2><p>one\n two<br>three</p><table><tr><th>a</th><td>1"
            "</td></tr><tr><td>b</td><td>2 &lt; 3</td></tr></table><svg><text>no</text></svg>end")
    assert plain.lines(html) == ["Head line", "one two", "three", "a | 1", "b | 2 < 3", "end"]
