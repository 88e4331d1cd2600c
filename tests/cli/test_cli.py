"""The command line: output for programs, words for people, exit status for both."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import as_published
import pytest
import yaml
from layers import first

from review import cli, commands

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("REVIEW_DATA", "REVIEW_EDITION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def broken(tmp_path):
    """A dataset with one error: an interval that has lost its level."""
    data = tmp_path / "data"
    as_published.copied(data)
    rows = (data / "outcomes.csv").read_text("utf-8")
    old = "value,95,13.5,24.5,value"
    assert rows.count(old) == 1
    (data / "outcomes.csv").write_text(rows.replace(old, "value,,13.5,24.5,value"), "utf-8")
    return data


def test_the_module_is_the_command():
    done = subprocess.run([sys.executable, "-m", "review", "validate", "--quiet"], cwd=ROOT,
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("0 errors")


@pytest.mark.parametrize("arguments", [
    (), ("no-such",), ("rows", "--format", "xml"), ("render", "--to", "epub"),
    ("new-study", "x"), ("accept", "x", "--edition", "e", "--search-to", "31.01.2026")])
def test_wrong_usage(run, arguments):
    status, out, err = run(*arguments)
    assert status == 2 and not out and "usage: review" in err


@pytest.mark.parametrize("command", [
    "render", "validate", "claims", "rows", "sources", "export", "new-study", "what-if",
    "accept", "changes"])
def test_every_command_explains_itself(run, command):
    status, out, _ = run(command, "--help")
    assert status == 0 and "--data" in out


# validate ---------------------------------------------------------------------------------------


def test_validate(run):
    status, out, err = run("validate")
    assert status == 0
    assert all(line.startswith("warning: ") for line in out.splitlines())
    assert err.strip() == f"0 errors, {len(out.splitlines())} warnings"


def test_validate_json(run, broken):
    status, out, _ = run("validate", "--format", "json", "--data", broken)
    problems = json.loads(out)
    assert status == 1
    assert {"file", "row", "field", "value", "rule", "message"} <= set(problems[0])
    assert "level missing" in {p["rule"] for p in problems if p["severity"] == "error"}


def test_quiet_validation_prints_errors_alone(run, broken):
    status, out, err = run("validate", "--quiet", "--data", broken)
    assert status == 1
    assert any(":ci_level: the interval 13.5 to 24.5 has no level; write the level" in line
               for line in out.splitlines())
    assert not any(line.startswith("warning") for line in out.splitlines())
    assert len(err.splitlines()) == 1


def test_validate_a_folder(run):
    status, out, err = run("validate", ROOT / "data" / "candidates" / "lynx")
    assert status == 0
    assert {line.split(": ")[1] for line in out.splitlines()} == {
        "outcomes.csv:4:ci_level", "outcomes.csv:5:ci_level", "studies.csv:2:study_id"}


def test_folders_that_are_not_there(run, tmp_path):
    for arguments in (("validate", tmp_path / "x"), ("what-if", tmp_path / "x"),
                      ("validate", "--data", tmp_path)):
        status, out, err = run(*arguments)
        assert status == 2 and not out and "there is no" in err


def test_unknown_edition(run):
    status, _, err = run("rows", "fig-rwe-os", "--edition", "2031-1")
    assert status == 1 and "choose one of current, published" in err


# rows, sources, claims --------------------------------------------------------------------------


def test_rows_lists_the_labels(run):
    status, out, _ = run("rows")
    assert status == 0 and {"fig-prisma", "tbl-rwe"} <= set(out.split())


@pytest.mark.parametrize("label", ["fig-rwe-os", "tbl-clinical"])
def test_rows_as_csv_and_json(run, label):
    _, text, _ = run("rows", label, "--format", "csv")
    _, records, _ = run("rows", label, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(json.loads(records)) > 5
    assert all(row["source_id"] and row["locator"] for row in rows)


def test_rows_as_a_table_cuts_long_cells(run):
    _, out, _ = run("rows", "fig-rwe-os")
    assert "kostopoulos-2023" in out
    assert "…" in out


def test_unknown_label_names_the_nearest(run):
    status, out, err = run("rows", "fig-rwe-oss")
    assert status == 2 and not out and "did you mean fig-rwe-os" in err


def test_sources(run):
    status, out, _ = run("sources", "fig-rwe-os")
    assert status == 0
    assert "https://doi.org/10.3389/fonc.2025.1550644" in out
    assert "    Results 3.5, overall survival" in out.splitlines()
    status, out, _ = run("sources", "AB-11")
    assert status == 0 and "Table 1" in out


def test_sources_of_nothing(run):
    status, _, err = run("sources", "AB-111")
    assert status == 2 and "did you mean AB-11" in err


def test_claims(run):
    status, out, err = run("claims", "--section", "Abstract", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (status, err) == (0, "")
    assert list(rows[0]) == commands.LEDGER
    assert {row["section"] for row in rows} == {"Abstract"}
    status, out, _ = run("claims", "--status", "does_not_match", "--format", "json")
    assert {row["status"] for row in json.loads(out)} == {"does_not_match"}


@pytest.mark.parametrize("arguments", [("--status", "wrong"), ("--section", "Appendix Z")])
def test_claims_of_nothing(run, arguments):
    status, out, err = run("claims", *arguments)
    assert status == 2 and not out and "review claims:" in err


def test_claims_tell_a_verdict_that_changed(run, tmp_path):
    data = tmp_path / "data"
    as_published.copied(data)
    flow = (data / "flow.csv").read_text("utf-8")
    (data / "flow.csv").write_text(flow.replace("2938,value,reported,2938",
                                                "2937,value,reported,2937"), "utf-8")
    status, _, err = run("claims", "--section", "Abstract", "--data", data)
    assert status == 1 and "AB-03" in err


# new-study, what-if, changes --------------------------------------------------------------------


def test_new_study(run, tmp_path):
    folder = tmp_path / "new"
    status, out, err = run("new-study", "smith-2099", "--setting", "rwe", "--output", folder)
    assert status == 0 and str(folder / "outcomes.csv") in out.splitlines()
    status, out, err = run("new-study", "smith-2099", "--setting", "rwe", "--output", folder)
    assert status == 2 and "nothing is overwritten" in err
    status, out, err = run("validate", folder, "--quiet")
    assert status == 1 and "outcomes.csv:2:status" in out


def test_changes(run):
    status, out, _ = run("changes", "ispor-2024", "published")
    assert status == 0 and "34" in out
    status, out, _ = run("changes", "ispor-2024", "published", "--format", "json")
    assert json.loads(out)["new"] == "published"


@pytest.mark.nightly
def test_what_if(run):
    folder = ROOT / "data" / "candidates" / "martino-2025"
    status, out, _ = run("what-if", folder, "--format", "json")
    assert status == 0 and json.loads(out)["acceptable"] is True


# render -----------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch):
    """Commands that would have been started, with their environment; they all succeed."""
    calls = []

    def start(command, **options):
        calls.append((command, options.get("env")))
        return subprocess.CompletedProcess(command, 0, stdout="1.10.18\n")

    monkeypatch.setattr(commands.subprocess, "run", start)
    monkeypatch.setattr(commands, "_started",
                        lambda command, env: start(command, env=env).returncode)
    return calls


@pytest.fixture
def quarto(monkeypatch):
    def choose(path):
        monkeypatch.setattr(commands.shutil, "which", lambda name: path)

    return choose


def test_render_without_quarto(run, started, quarto, tmp_path):
    quarto(None)
    status, _, err = run("render", "--to", "html", "--output", tmp_path / "out", "--force",
                         "--edition", "published")
    assert status == 0 and "rendering edition published with the embedded renderer" in err
    (command, environment), = started
    assert command == [sys.executable, "-m", "press", "render", "--to", "html", "--output",
                       str(tmp_path / "out"), "--force"]
    assert environment["REVIEW_EDITION"] == "published"
    assert environment["REVIEW_DATA"] == str(ROOT / "data")


def test_render_with_quarto(run, started, quarto):
    quarto("/opt/quarto")
    status, _, err = run("render")
    assert status == 0 and "with Quarto 1.10.18" in err
    command, environment = started[-1]
    assert command == ["/opt/quarto", "render"]
    assert environment["QUARTO_PYTHON"] == sys.executable
    assert environment["PATH"].startswith(str(Path(sys.executable).parent))
    run("render", "--to", "pdf")
    assert started[-1][0] == ["/opt/quarto", "render", "--to", "typst"]


def test_the_embedded_renderer_on_request(run, started, quarto):
    quarto("/opt/quarto")
    run("render", "--engine", "embedded")
    assert started[-1][0][:3] == [sys.executable, "-m", "press"]


def test_the_paper_comes_from_the_embedded_renderer(run, started, quarto):
    quarto("/opt/quarto")
    run("render", "--to", "docx,jats")
    assert started[-1][0][:6] == [sys.executable, "-m", "press", "render", "--to", "docx,jats"]
    status, _, err = run("render", "--to", "docx", "--engine", "quarto")
    assert status == 2 and "quarto render --to docx" in err and len(started) == 1


def test_quarto_on_request_where_there_is_none(run, started, quarto):
    quarto(None)
    status, _, err = run("render", "--engine", "quarto")
    assert status == 2 and "--engine embedded" in err and not started


def test_errors_stop_a_render(run, started, quarto, broken, monkeypatch):
    """Either renderer runs the project's pre-render command first, on the dataset asked for."""
    quarto(None)
    run("render", "--data", broken)
    (_, environment), = started
    hook, *_ = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))["project"]["pre-render"]
    program, *words = hook.split(" review ")
    assert program == "python -m"
    monkeypatch.setenv("REVIEW_DATA", environment["REVIEW_DATA"])
    status, out, _ = run(*words[0].split())
    assert status == 1 and "has no level" in out


def test_a_dataset_in_another_place_brings_its_references(run, started, quarto, broken):
    quarto(None)
    references = broken.parent / "references.bib"
    references.unlink(missing_ok=True)
    run("render", "--data", broken)
    assert started[-1][0][-2:] == ["--input", str(broken)]
    references.write_text("", "utf-8")
    run("render", "--data", broken)
    assert started[-1][0][-4:] == ["--input", str(references), "--bibliography", str(references)]
    quarto("/opt/quarto")
    run("render", "--data", broken)
    assert f"bibliography:{references}" in started[-1][0]
    run("render", "--data", ROOT / "data")
    assert not [word for word in started[-1][0] if "bibliography" in word]


def test_an_edition_that_is_not_there_starts_no_renderer(run, started, quarto):
    quarto(None)
    status, _, err = run("render", "--edition", "2099")
    assert status == 1 and not started
    assert "there is no edition '2099'; choose one of current, published" in err


def test_a_dataset_that_is_not_there_starts_no_renderer(run, started, quarto, tmp_path):
    quarto(None)
    status, _, err = run("render", "--data", tmp_path)
    assert status == 2 and not started and "there is no dataset in" in err


def test_a_render_is_passed_on_without_reading_the_dataset():
    """A second would go by before the renderer starts."""
    code = "import sys, review.cli; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_schema_that_is_broken_stops_a_render(run, started, quarto, broken, monkeypatch):
    """The renderer is started, and its pre-render command ends it with what is wrong."""
    quarto(None)
    (broken / "flow.csv").write_text("flow_id\n", "utf-8")
    run("render", "--data", broken)
    (_, environment), = started
    monkeypatch.setenv("REVIEW_DATA", environment["REVIEW_DATA"])
    status, out, _ = run("validate", "--quiet")
    assert status == 1 and "flow.csv" in out


def test_without_editions_the_validation_says_what_is_wrong(run, started, quarto, broken,
                                                            monkeypatch):
    quarto(None)
    (broken / "editions.csv").write_text("wrong\nx\n", "utf-8")
    assert run("render", "--data", broken)[0] == 0 and len(started) == 1
    monkeypatch.setenv("REVIEW_DATA", str(broken))
    status, out, _ = run("validate", "--quiet")
    assert status == 1 and "editions.csv" in out


def test_a_failed_render(run, monkeypatch, quarto):
    quarto(None)
    monkeypatch.setattr(commands.sys, "executable", "/bin/false")
    assert run("render")[0] == 1


@pytest.mark.parametrize("number", first(1, [signal.SIGTERM, signal.SIGHUP]))
def test_who_ends_a_render_ends_its_renderer(tmp_path, number):
    """The renderer is told, and has the time to put things in order."""
    renderer = tmp_path / "renderer.py"
    renderer.write_text("import signal, time\n"
                        "def end(*_):\n    time.sleep(1)\n    print('in order', flush=True)\n"
                        "    raise SystemExit(1)\n"
                        "signal.signal(signal.SIGTERM, end)\nprint('ready', flush=True)\n"
                        "time.sleep(60)\n", "utf-8")
    code = ("import os, sys; from review import commands; from review.dataset import program; "
            "program.stop_in_order(); "
            f"sys.exit(commands._started([sys.executable, {str(renderer)!r}], dict(os.environ)))")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE,
                               text=True)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.communicate(timeout=30)[0] == "in order\n" and process.returncode == 1


# faults of the program --------------------------------------------------------------------------


def test_a_fault_is_told_in_a_sentence(run, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("review.dataset.load.load", fail)
    status, out, err = run("rows", "fig-rwe-os")
    assert status == 1 and not out
    assert "ZeroDivisionError" in err and "--debug" in err
    with pytest.raises(ZeroDivisionError):
        cli.main(["rows", "fig-rwe-os", "--debug"])


def test_a_reader_that_has_seen_enough():
    done = subprocess.run(f"{sys.executable} -m review rows fig-rwe-os --format json | head -n 1",
                          shell=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.parametrize("code", first(1, ["ascii", "utf-16"]))
def test_what_is_written_is_the_same_in_every_locale(code):
    done = subprocess.run([sys.executable, "-m", "review", "rows", "tbl-clinical"], cwd=ROOT,
                          env={**os.environ, "PYTHONIOENCODING": code}, capture_output=True)
    assert done.returncode == 0 and "–" in done.stdout.decode("utf-8"), done.stderr


@pytest.mark.parametrize(("where", "status"), [(">/dev/full", 1), (">&-", 0)])
@pytest.mark.parametrize("words", first(1, [
    "review rows fig-rwe-os", "review export prov", "review.audit.stored_rows --write"]))
def test_an_output_that_takes_nothing(tmp_path, where, status, words):
    data = tmp_path / "data"
    if words.endswith("--write"):
        shutil.copytree(ROOT / "data", data)
    else:
        data = ROOT / "data"
    done = subprocess.run(f"{sys.executable} -m {words} {where}", shell=True, cwd=ROOT,
                          env={**os.environ, "REVIEW_DATA": str(data)}, capture_output=True,
                          text=True)
    assert done.returncode == status and "fault of the program" not in done.stderr
    assert len(done.stderr.splitlines()) == status, done.stderr


@pytest.mark.parametrize("arguments", [
    ("what-if", "/nowhere"), ("validate", "/nowhere"), ("claims", "--section", "nothing"),
    ("rows", "fig-nothing"), ("rows",), ("without", "nobody"), ("without", "--smaller-than", "-3"),
    ("compare-extractions", "/nowhere", "/nowhere"), ("changes", "published", "nothing")])
def test_who_asks_for_json_gets_json(run, arguments):
    _, out, _ = run(*arguments, "--format", "json")
    assert json.loads(out)
