"""The archive holds what a rebuild needs, and rebuilds without a network to the same bytes.

The project here is a tiny one, whose `review render` writes what one package says; `make reproduce`
does the same with the report itself.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from reproduce import archive, hashes, offline, rebuild

ROOT = Path(__file__).parents[2]
STUB = """\
import pathlib, sys, word
folder = pathlib.Path(sys.argv[-1])
folder.mkdir()
(folder / "index.html").write_text(word.WORD + pathlib.Path("text.txt").read_text())
"""

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


def wheel(folder: Path) -> str:
    """A package of one module as a wheel in `folder`; its hash."""
    files = {"word.py": "WORD = 'hello '\n",
             "word-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: word\nVersion: 1.0\n",
             "word-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\n"
                                         "Root-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()},{len(text)}\n"
        for name, text in files.items() if (digest := hashlib.sha256(text.encode()).digest()))
    path = folder / "word-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in {**files, "word-1.0.dist-info/RECORD":
                           record + "word-1.0.dist-info/RECORD,,\n"}.items():
            packed.writestr(name, text)
    return hashes.of_file(path)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org",
         *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A committed project of its own, beside a file that is not committed."""
    root = tmp_path_factory.mktemp("tiny") / "project"
    (root / "env").mkdir(parents=True)
    (root / "review").mkdir()
    shutil.copytree(ROOT / "reproduce", root / "reproduce",
                    ignore=shutil.ignore_patterns("__pycache__"))
    shelf = root.parent / "shelf"
    shelf.mkdir()
    (root / rebuild.LOCK).write_text(f"word==1.0 --hash=sha256:{wheel(shelf)}\n", "utf-8")
    (root / "pyproject.toml").write_text("[project]\nname = 'tiny'\nversion = '1.2'\n", "utf-8")
    (root / "review/__init__.py").write_text("", "utf-8")
    (root / "review/__main__.py").write_text(STUB, "utf-8")
    (root / "text.txt").write_text("world\n", "utf-8")
    git(root, "init")
    git(root, "add", "--all")
    git(root, "commit", "--message", "all")
    (root / "not-committed.txt").write_text("x", "utf-8")
    return root


@pytest.fixture(scope="module")
def packed(project) -> Path:
    """Its archive; the wheels come from a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(project.parent / "shelf"))
        return archive.write(project, project.parent / "tiny.tar.gz", python_with_word(project))


def python_with_word(project: Path) -> str:
    """A Python in which the package is installed."""
    home = project.parent / "venv"
    venv.create(home, symlinks=True)
    (packages,) = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(project.parent / "shelf/word-1.0-py3-none-any.whl") as shelved:
        shelved.extractall(packages)
    return str(home / "bin/python")


@pytest.fixture
def unpacked(packed, tmp_path) -> Path:
    with tarfile.open(packed) as tar:
        archive.unpack(tar, tmp_path)
    return tmp_path / "tiny-1.2"


def test_it_holds_sources_lock_wheels_hashes_and_a_script(packed, project):
    with tarfile.open(packed) as tar:
        entries = tar.getmembers()
    names = [entry.name for entry in entries]
    assert names == sorted(names)
    top = {name.removeprefix("tiny-1.2/") for name in names if name.count("/") == 1}
    assert top == {"README.txt", "rebuild.sh", "about.json", "files.sha256", "outputs.sha256"}
    inside = {name.removeprefix("tiny-1.2/") for name in names}
    assert {"sources/env/requirements-report.txt", "sources/text.txt",
            "wheels/word-1.0-py3-none-any.whl"} <= inside
    assert "sources/not-committed.txt" not in inside
    assert {(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in entries} \
        == {(0, 0, "", entries[0].mtime)}
    assert [entry.name for entry in entries if entry.mode != 0o644] == ["tiny-1.2/rebuild.sh"]


def test_its_lists_are_of_everything_in_it(unpacked):
    found = hashes.of_folder(unpacked)
    listed = hashes.read((unpacked / "files.sha256").read_text("utf-8"))
    assert listed == {name: digest for name, digest in found.items() if name != "files.sha256"}
    assert (unpacked / "outputs.sha256").read_text("utf-8") \
        == f"{hashlib.sha256(b'hello world' + bytes([10])).hexdigest()}  index.html\n"
    about = json.loads((unpacked / "about.json").read_text("utf-8"))
    assert about["version"] == "1.2" and len(about["commit"]) == 40
    assert f"Python {about['python']} on" in (unpacked / "README.txt").read_text("utf-8")


def test_the_same_files_give_the_same_bytes(unpacked, packed, tmp_path):
    for path in unpacked.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(path.stat().st_mode & 0o700)
    with tarfile.open(packed) as tar:
        time = tar.getmembers()[0].mtime
    archive.pack(unpacked, "tiny-1.2", time, tmp_path / "again.tar.gz")
    assert (tmp_path / "again.tar.gz").read_bytes() == packed.read_bytes()


@pytest.mark.nightly
def test_it_rebuilds_and_a_change_is_named(unpacked):
    done = run_script(unpacked)
    assert done.returncode == 0 and "every file of the report is as expected" in done.stdout
    (unpacked / "report/index.html").write_text("other\n", "utf-8")
    expected = hashes.read((unpacked / "outputs.sha256").read_text("utf-8"))
    assert hashes.compared(expected, hashes.of_folder(unpacked / "report")) \
        == {"index.html": "different"}


@pytest.mark.skipif(not offline.without_network(), reason="nothing closes the network here")
@pytest.mark.nightly
def test_it_rebuilds_without_a_network(packed, tmp_path, capfd):
    assert offline.rebuilt(packed, tmp_path / "there") == 0
    assert "every file of the report is as expected" in capfd.readouterr().out


def test_nothing_is_proved_where_the_network_stays_open(packed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(offline, "CLOSED", (["false"], ["no-such-command"]))
    assert offline.rebuilt(packed, tmp_path / "there") == 1
    assert "closes the network for no single command" in capsys.readouterr().err


def test_by_sudo_user_and_environment_stay(tmp_path, monkeypatch):
    """A sudo that does as it is told, but for the rights."""
    for name, body in (("unshare", 'test "$1" = --net || exit 1; test -n "$BY_SUDO" || exit 1'),
                       ("sudo", 'test "$1" = --non-interactive || exit 1; export BY_SUDO=1; shift'),
                       ("setpriv", "shift; shift")):
        (tmp_path / name).write_text(f'#!/bin/sh\n{body}; shift; exec "$@"\n', "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    prefix = offline.without_network()
    assert prefix[:3] == ["sudo", "--non-interactive", "--preserve-env"]
    assert {f"--reuid={os.getuid()}", f"--regid={os.getgid()}"} <= set(prefix)


def run_script(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["sh", "rebuild.sh"], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHON": sys.executable})


def test_what_was_changed_or_lost_is_not_rebuilt(unpacked):
    (unpacked / "sources/text.txt").write_text("moon\n", "utf-8")
    (unpacked / "wheels/word-1.0-py3-none-any.whl").unlink()
    done = run_script(unpacked)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "sources/text.txt: different\nwheels/word-1.0-py3-none-any.whl: missing\n" in done.stderr


def test_another_report_than_expected_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(rebuild, "rebuild", lambda folder: {"index.html": "different"})
    assert rebuild.main(["."]) == 1
    assert "report/index.html: different\n" in capsys.readouterr().err


def test_another_python_or_system_is_told_which(unpacked):
    about = json.loads((unpacked / "about.json").read_text("utf-8"))
    assert rebuild.unfitting(about) == ""
    for changed in ({"python": "3.9"}, {"platform": "win-amd64"}):
        (unpacked / "about.json").write_text(json.dumps(about | changed), "utf-8")
        done = run_script(unpacked)
        assert done.returncode == 1
        assert f"for Python {(about | changed)['python']} on {(about | changed)['platform']}" \
            in done.stderr


def test_a_folder_without_git_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert archive.main([str(tmp_path)]) == 1
    assert "is no checkout of git" in capsys.readouterr().err
