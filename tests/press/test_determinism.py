"""Two runs give the same bytes, wherever they run."""

from press import cache, config, execute, qmd
from press.kernels import KernelHost


def test_two_runs_give_the_same_bytes(demo, book):
    assert book.press("render", "--force").status == 0
    assert book.output() == demo.output()


def test_what_is_printed_in_pieces_is_one_output(small):
    small.append("index.qmd", "```{python}\nimport sys, time\nfor word in ('a', 'b'):\n"
                 "    print(word)\n    sys.stdout.flush()\n    time.sleep(.1)\n```\n")
    assert small.press("render", "--to", "html").status == 0
    shown = [pre.get_text() for pre in small.page.main.find_all("pre", class_="output")]
    assert shown == ["a\nb"]


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
