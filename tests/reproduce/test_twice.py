"""Rendered twice: what differs is told, and an earlier run in the same folder is no obstacle.

The project here is a tiny one, whose `press` writes its text and what it is told; `make reproduce`
does the same with the report itself.
"""

from pathlib import Path

import pytest

from reproduce import conditions, twice

STUB = """\
import pathlib, sys
output = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
output.mkdir(parents=True, exist_ok=True)
(output / f"{sys.argv[1]}.txt").write_text(pathlib.Path("text.txt").read_text())
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    root = tmp_path / "project"
    for name, text in {"press/__init__.py": "", "press/__main__.py": STUB, "text.txt": "a\n",
                       "README.md": "read"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def test_a_second_run_in_the_same_folder_does_not_meet_the_first(project, tmp_path, capsys):
    keep = tmp_path / "kept"
    for _ in range(2):
        assert twice.main(["--keep", str(keep), str(project)]) == 0
        assert "under other conditions: 2 files, the same" in capsys.readouterr().out
    assert len(list(keep.iterdir())) == 2
    for run in keep.iterdir():
        assert (run / "plain/output/notebooks/notebooks.txt").is_file()


def test_what_depends_on_the_folder_is_told(project, capsys):
    (project / "press/__main__.py").write_text(
        STUB.replace('.read_text()', '.read_text() + str(pathlib.Path.cwd().name)'), "utf-8")
    assert twice.main([str(project)]) == 1
    told = capsys.readouterr().out
    assert "2 files, 2 differ" in told and "  render.txt: line 2, byte 2: 'a\\nproject'" in told


def test_a_command_that_fails_is_told(project, capsys):
    (project / "press/__main__.py").write_text("raise SystemExit('no text')", "utf-8")
    assert twice.main([str(project)]) == 1
    assert "-m press render … in " in (told := capsys.readouterr().err) and "no text" in told


def test_under_other_conditions_needless_files_are_empty_and_old(project, tmp_path):
    how, _ = conditions.other(tmp_path / "other")
    conditions.rendered(project, tmp_path, how)
    copy = tmp_path / how.folder
    assert (copy / "README.md").read_bytes() == b""
    assert (copy / "text.txt").read_bytes() == b"a\n"
    assert {(copy / name).stat().st_mtime for name in ("README.md", "text.txt")} == {
        conditions.LONG_AGO}
