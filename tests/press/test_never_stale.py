"""What a render shows was computed from what lies there now, or is not stored."""

import shutil
import time

import pytest

from press import cache, config, qmd
from press.errors import RenderError
from press.publish import RenderRecord, publish
from press.render import render

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'
READS = "```{python}\n#| echo: false\nprint('value', open('data/a.txt').read().strip())\n```\n"


@pytest.fixture
def reading(small):
    """A book whose one cell prints an input."""
    small.path("data").mkdir()
    small.path("data/a.txt").write_text("old\n", "utf-8")
    small.edit("_quarto.yml", "project:\n", "press:\n  inputs: [data]\nproject:\n")
    small.append("index.qmd", READS)
    return small


def test_an_input_that_changes_while_a_cell_runs_is_not_blessed(reading):
    reading.append("index.qmd", "```{python}\n"
                   "_ = __import__('os').system('echo new > data/a.txt')\n```\n")
    done = reading.press("render", "--to", "html")
    assert done.status == 1
    assert "data/a.txt: changed while the chapters that may read it were running" in done.err
    assert reading.press("render", "--to", "html").status == 0
    assert "value new" in reading.page.main.get_text()


def test_an_input_that_changes_while_documents_are_made(reading, monkeypatch):
    from press import render as module

    def changing(*arguments):
        reading.path("data/a.txt").write_text("new\n", "utf-8")
        return publish(*arguments)

    monkeypatch.setattr(module, "publish", changing)
    assert reading.press("render", "--to", "html").status == 0
    assert "value old" in reading.page.main.get_text()
    monkeypatch.undo()
    assert reading.press("render", "--to", "html").status == 0
    assert "value new" in reading.page.main.get_text()


def test_what_a_chapter_writes_itself_is_no_change_from_outside(reading):
    reading.append("index.qmd", "```{python}\nwith open('data/out.txt', 'w') as f:\n"
                   "    _ = f.write('1')\nprint(open('data/out.txt').read())\n```\n")
    assert reading.press("render", "--to", "html").status == 0
    reading.press("render", "--to", "html")
    assert render(config.load(reading.root), ["html"]).unchanged


def test_an_input_that_changes_during_the_pre_render(small):
    small.path("in.txt").write_text("1", "utf-8")
    small.path("pre.py").write_text("t = open('in.txt').read()\nopen('log', 'a').write(t)\n"
                                    "if t == '1':\n    open('in.txt', 'w').write('2')\n", "utf-8")
    small.edit("_quarto.yml", "project:\n",
               "press:\n  inputs: [in.txt]\nproject:\n  pre-render: pre.py\n")
    for _ in range(3):
        assert small.press("render", "--to", "html").status == 0
        small.append("index.qmd", "More.\n")
    assert small.read("log") == "12"


def test_a_chapter_that_the_pre_render_writes(small):
    small.path("pre.py").write_text("open('index.qmd', 'w').write('# Written\\n\\nAnew.\\n')\n",
                                    "utf-8")
    small.edit("_quarto.yml", "project:\n", "project:\n  pre-render: pre.py\n")
    assert small.press("render", "--to", "html").status == 0
    assert "Anew." in small.page.main.get_text()


@pytest.mark.parametrize("change", ["folder", "kind", "variable", "code", "preload"])
def test_what_else_is_in_the_key_of_a_chapter(reading, monkeypatch, change):
    def key():
        book = config.load(reading.root)
        return cache.chapter_key(cache.environment_digest(book),
                                 qmd.read(reading.root, "index.qmd"))

    reading.append("index.qmd", "```{python}\n2\n```\n")
    before = key()
    if change == "folder":
        reading.edit("_quarto.yml", "project:\n", "project:\n  execute-dir: project\n")
    elif change == "kind":
        reading.edit("index.qmd", "```{python}\n2\n```", "`{python} 2`")
    elif change == "variable":
        monkeypatch.setenv("TZ", "Asia/Tokyo")
    elif change == "code":
        monkeypatch.setattr(cache, "own_code", lambda: "another version")
    else:
        reading.edit("_quarto.yml", "press:\n", "press:\n  preload: [json]\n")
    assert key() != before


def test_results_of_a_name_that_begins_like_another(tmp_path):
    store = cache.OutputStore(tmp_path)
    keys = [cache.digest(str(n)) for n in range(cache.KEPT_RESULTS + 1)]
    store.put("a.b", keys[0], [[]])
    for key in keys:
        store.put("a", key, [])
        time.sleep(0.01)
    assert store.get("a.b", keys[0]) == [[]]
    assert store.get("a", keys[0]) is None
    assert store.get("a", keys[1]) == []


def test_a_resource_that_left_leaves_the_output(small):
    small.path("files/deep").mkdir(parents=True)
    for name in ("a.txt", "deep/b.txt", "deep/mine.txt"):
        small.path(f"files/{name}").write_text(name, "utf-8")
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: files/**/*.txt\n")
    assert small.press("render", "--to", "html").status == 0
    small.path("_book/files/deep/mine.txt").write_text("changed by hand", "utf-8")
    small.path("_book/other.txt").write_text("not of the renderer", "utf-8")
    small.edit("_quarto.yml", "files/**/*.txt", "files/a.txt")
    assert small.press("render", "--to", "html").status == 0
    assert set(small.output()) == {"_book/index.html", "_book/files/a.txt", "_book/other.txt",
                                   "_book/files/deep/mine.txt"}


def test_a_document_that_was_renamed_leaves_the_output(small):
    assert small.press("render").status == 0
    assert small.press("render", "--to", "html").status == 0
    assert "_book/book.pdf" in small.output()
    small.append("_quarto.yml", "  output-file: other\n")
    assert small.press("render").status == 0
    assert set(small.output()) == {"_book/index.html", "_book/other.pdf"}


def test_all_files_of_the_output_or_none(small, monkeypatch):
    for name in ("a.txt", "b.txt"):
        small.path(name).write_text("old", "utf-8")
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: ['*.txt']\n")
    assert small.press("render", "--to", "html").status == 0
    before = small.output()
    small.path("a.txt").write_text("new", "utf-8")
    # A folder in the place of a file: the move of b.txt fails after that of a.txt.
    small.path("_book/b.txt").unlink()
    small.path("_book/b.txt").mkdir()
    small.path("_book/b.txt/inside").write_text("", "utf-8")
    assert small.press("render", "--to", "html").status == 1
    after = small.output()
    assert after["_book/a.txt"] == before["_book/a.txt"]
    assert not [name for name in after if "/.press" in name]


def test_a_render_record_is_taken_before_the_work(small):
    book = config.load(small.root)
    record = RenderRecord(book, {}, ["html"], small.path("_book"))
    before = record.inputs()
    small.append("_quarto.yml", "  subtitle: New\n")
    assert record.inputs() != before


def test_a_file_that_is_no_input_is_named_with_the_cell_that_reads_it(reading):
    reading.path("other.txt").write_text("3\n", "utf-8")
    reading.path("helper.py").write_text("X = 1\n", "utf-8")
    line = reading.append("index.qmd", "```{python}\n_ = open('other.txt').read()\n```\n\n"
                          "```{python}\nimport helper\n```\n")
    for _ in range(2):  # the second time Python reads the compiled helper
        done = reading.press("render", "--to", "html")
        assert done.status == 1
        assert f"index.qmd:{line}: the cell reads other.txt, which is not among" in done.err
        assert f"index.qmd:{line + 4}: the cell reads helper.py" in done.err
        assert "2 problems" in done.err
    reading.edit("_quarto.yml", "inputs: [data]", "inputs: [data, other.txt, helper.py]")
    assert reading.press("render", "--to", "html").status == 0


def test_a_file_outside_of_the_project_is_named(reading, tmp_path):
    other = tmp_path / "outside.csv"
    other.write_text("a\n", "utf-8")
    reading.append("index.qmd", f"`{{python}} len(open({str(other)!r}).read())`\n")
    done = reading.press("render", "--to", "html")
    assert f"reads {other}, which is not among the inputs" in done.err


def test_what_a_preloaded_module_opens_is_named(reading):
    reading.path("data/helper.py").write_text("X = open('side.txt').read()\n", "utf-8")
    reading.path("side.txt").write_text("1", "utf-8")
    reading.edit("_quarto.yml", "press:\n", "press:\n  preload: [data.helper]\n")
    done = reading.press("render", "--to", "html")
    assert "_quarto.yml:2: a module of `press.preload` reads side.txt" in done.err


def test_the_changed_input_stops_the_storing(reading):
    with pytest.raises(RenderError, match="changed while"):
        reading.append("index.qmd",
                       "```{python}\n__import__('os').system('echo x >> data/a.txt')\n```\n")
        render(config.load(reading.root), ["html"])
    assert not list(reading.path(".press/cells").glob("*.json"))


def test_data_and_references_in_another_place(small, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "data.txt").write_text("first", "utf-8")
    entry = "@book{one, title={%s}, author={Smith, Ann}, year={2001}}\n"
    small.path("refs.bib").write_text(entry % "Own", "utf-8")
    (other / "refs.bib").write_text(entry % "Elsewhere", "utf-8")
    small.edit("_quarto.yml", "project:\n",
               "bibliography: refs.bib\npress:\n  inputs: [refs.bib]\nproject:\n")
    small.append("index.qmd", "[@one]\n\n```{python}\n#| echo: false\n"
                 f"print('value', open({str(other / 'data.txt')!r}).read())\n```\n")
    line = small.press("render", "--to", "html").err.splitlines()[0]
    assert line.startswith("index.qmd:7: the cell reads ") and "not among the inputs" in line

    def rendered():
        done = small.press("render", "--to", "html", "--input", str(other),
                           "--bibliography", str(other / "refs.bib"))
        assert done.status == 0, done.err
        return small.page.main.get_text()

    text = rendered()
    assert "value first" in text and "Elsewhere" in text and "Own" not in text
    (other / "data.txt").write_text("second", "utf-8")
    (other / "refs.bib").write_text(entry % "Anew", "utf-8")
    text = rendered()
    assert "value second" in text and "Anew" in text


def test_a_place_that_is_not_there(small):
    done = small.press("render", "--input", "nowhere", "--bibliography", "none.bib")
    assert done.status == 1
    assert "--input: nowhere does not exist" in done.err
    assert "--bibliography: none.bib does not exist" in done.err


CHANGES = {
    "extra.css": ("#0b3d2e", "#0b3d2f"),
    "wave.svg": ("#1a4f8b", "#1a4f8c"),
    "numeric.csl": ('prefix="["', 'prefix="[no. "'),
    "references.bib": ("Literate Programming", "Literate Programmes"),
    "data/tides.csv": ("Alder,north,1,4.1", "Alder,north,1,4.2"),
    "lib/tides.py": ("High water (m)", "High water in m"),
    "chapters/02-heights.qmd": ("# Heights", "# All heights"),
    "_quarto.yml": ("Tides at three harbours", "Tides at three ports"),
}
"""One change of each kind of file that a document is made from."""


@pytest.mark.nightly
def test_every_kind_of_change_shows_and_leaves_nothing_old(book):
    """After each change some document is another; after all of them, with what was kept on the
    way, the documents are those of a render that finds nothing kept."""
    for name, (old, new) in CHANGES.items():
        before = book.output()
        book.edit(name, old, new)
        done = book.press("render")
        assert done.status == 0, done.err
        assert book.output() != before, name
    kept = book.output()
    for folder in (".press", "_book"):
        shutil.rmtree(book.path(folder))
    assert book.press("render").status == 0
    assert book.output() == kept


def test_what_the_pre_render_alone_reads_runs_it_and_no_chapter(small):
    small.path("side").mkdir()
    small.path("side/a.txt").write_text("1", "utf-8")
    small.path("pre.py").write_text("text = open('side/a.txt').read()\n"
                                    "open('made.txt', 'w').write(text)\n", "utf-8")
    small.edit("_quarto.yml", "project:\n", "press:\n  inputs: [pre.py]\n"
               "  pre-render-inputs: [side]\nproject:\n  pre-render: pre.py\n"
               "  resources: [made.txt]\n")
    small.append("index.qmd", "```{python}\n1\n```\n")
    assert small.press("render", "--to", "html").status == 0
    small.path("side/a.txt").write_text("2", "utf-8")
    result = render(config.load(small.root), ["html"])
    assert not result.unchanged and result.ran == []
    assert small.read("_book/made.txt") == "2"


def test_a_variable_that_a_cell_reads_is_declared(small, monkeypatch):
    monkeypatch.setenv("DOSE", "1")
    small.path("helper.py").write_text("import os\ndef dose(): return os.getenv('DOSE')\n", "utf-8")
    cell = "```{{python}}\n#| echo: false\nimport os, subprocess\n{}\n```\n\n"
    first = small.append("index.qmd", cell.format("print('value', os.environ['DOSE'])"))
    second = small.append("index.qmd", cell.format("import helper; print(helper.dose())"))
    small.append("index.qmd", cell.format(
        "os.environ['OWN'] = 'x'; _ = os.environ['OWN'], os.environ.get('LANG')\n"
        "_ = subprocess.run(['true'], env={**os.environ}), os.environ.copy()"))
    told = small.press("render", "--to", "html").err
    assert [line.partition(":")[2].partition(" reads")[0] for line in told.splitlines()[:-1]] == [
        f"{first}: the cell", f"{second}: the cell"]
    assert told.count("the environment variable DOSE") == 2
    small.append("_quarto.yml", "press:\n  env: [DOSE]\n")
    for dose in ("1", "2"):
        monkeypatch.setenv("DOSE", dose)
        assert small.press("render", "--to", "html").status == 0
        assert f"value {dose}" in small.page.main.get_text()


def test_a_file_that_raw_typst_reads(small):
    small.append("_quarto.yml", "press:\n  inputs: [data]\n")
    small.path("fig.svg").write_text(SVG.format(10), "utf-8")
    small.append("index.qmd", '```{=typst}\n#image("/fig.svg", alt: "x")\n```\n')
    made = []
    for width in (10, 300):
        small.path("fig.svg").write_text(SVG.format(width), "utf-8")
        assert small.press("render").status == 0
        made.append(small.path("_book/book.pdf").read_bytes())
    assert made[0] != made[1]
    assert "unchanged" in small.press("render").err
