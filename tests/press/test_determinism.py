"""Two runs give the same bytes, wherever they run."""

import os
import sys

import pytest

from press import cache, config, execute, qmd
from press.kernels import KernelHost
from reproduce import conditions, hashes, twice


@pytest.mark.nightly
def test_two_runs_give_the_same_bytes(demo, book):
    assert book.press("render", "--force").status == 0
    assert book.output() == demo.output()


def test_what_is_printed_in_pieces_is_one_output(small):
    small.append("index.qmd", "```{python}\nimport sys, time\nfor word in ('a', 'b'):\n"
                 "    print(word)\n    sys.stdout.flush()\n    time.sleep(.1)\n```\n")
    assert small.press("render", "--to", "html").status == 0
    shown = [pre.get_text() for pre in small.page.main.find_all("pre", class_="output")]
    assert shown == ["a\nb"]


@pytest.mark.nightly
def test_forked_kernels_and_others_give_the_same(demo, book):
    book.edit("_quarto.yml", "  preload: [pandas, matplotlib.pyplot, great_tables]\n", "")
    loaded = config.load(book.root)
    assert loaded.preload == ()
    source = qmd.read(book.root, "chapters/01-data.qmd")
    results = {}
    with KernelHost(loaded) as host:
        execute.run(loaded, [source],
                    lambda path, outputs, *spent: results.update({path: outputs}), host, set())
    key = cache.chapter_key(cache.environment_digest(config.load(demo.root)), source)
    assert results[source.path] == cache.OutputStore(demo.root).get("01-data", key)


@pytest.mark.nightly
def test_another_day_folder_language_zone_seed_home_and_one_core(demo, tmp_path):
    """Everything at once; `make reproduce` does the same with the whole report."""
    assert demo.press("notebooks", "--output", str(tmp_path / "notebooks")).status == 0
    elsewhere, _ = conditions.other(tmp_path / "other")
    output = conditions.rendered(demo.root, tmp_path / "copy", elsewhere)
    book = demo.path("_book")
    assert twice.differences(book, output, hashes.of_folder(book)) == [
        f"notebooks/{path.name}: not expected" for path in sorted(tmp_path.glob("notebooks/*"))]
    assert hashes.of_folder(tmp_path / "notebooks") == hashes.of_folder(output / "notebooks")


DEPENDS = """
```{python}
#| label: %s
#| echo: false
%s
```
"""
CELLS = {
    "folder": "import os\nprint('folder', ascii(os.path.basename(os.getcwd())))",
    "day": "import datetime\nprint('day', datetime.date.today().year)",
    "zone": "import time\nprint('zone', time.timezone)",
    "cores": "import os\nprint('cores', len(os.sched_getaffinity(0)))",
    "rights": "import os\nmask = os.umask(0)\nos.umask(mask)\nprint('rights', mask)",
    "home": "import pathlib\nprint('home', pathlib.Path.home().name)",
}
"""Cells that give something else under other conditions, in Python."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a core is chosen on Linux only")
@pytest.mark.nightly
def test_what_depends_on_day_folder_zone_cores_rights_or_home_is_seen(small, tmp_path):
    elsewhere, left_out = conditions.other(tmp_path / "other")
    seen = set(CELLS) - ({"day"} if any("clock" in reason for reason in left_out) else set())
    seen -= {"cores"} if len(os.sched_getaffinity(0)) == 1 else set()
    for name, code in CELLS.items():
        small.append("index.qmd", DEPENDS % (name, code))
    plain = conditions.rendered(small.root, tmp_path / "plain")
    output = conditions.rendered(small.root, tmp_path / "copy", elsewhere)
    lines = [set((folder / "index.html").read_text("utf-8").splitlines())
             for folder in (plain, output)]
    differing = {name for name in CELLS for line in lines[0] - lines[1]
                 if f"{name} " in line}
    assert differing == seen
    found = twice.differences(plain, output, hashes.of_folder(plain))
    assert [line.partition(":")[0] for line in found] == [
        "book.pdf", "index.html", "notebooks/index.ipynb"]


@pytest.mark.nightly
def test_settings_at_home_change_nothing(small, tmp_path, monkeypatch):
    profile = tmp_path / "home/.ipython/profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup/mine.py").write_text("HERE = 1\n", "utf-8")
    (profile / "ipython_kernel_config.py").write_text("c.InteractiveShell.autocall = 1\n", "utf-8")
    (tmp_path / "home/.config/matplotlib").mkdir(parents=True)
    (tmp_path / "home/.config/matplotlib/matplotlibrc").write_text("lines.linewidth: 9\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    small.append("index.qmd", "```{python}\nimport matplotlib\nprint(globals().get('HERE'), "
                 "get_ipython().autocall, matplotlib.rcParams['lines.linewidth'])\n```\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.find("pre", class_="output").get_text().strip() == "None 0 1.5"
