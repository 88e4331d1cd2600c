"""What the tests of the rendered report ask of its sources and do with it in a browser."""

import csv
import fcntl
import io
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "index.qmd", *sorted((ROOT / "chapters").glob("*.qmd"))]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PDF = "anti-cd38-retreatment.pdf"
CLICK = """element => element.dispatchEvent(
    new MouseEvent('click', { bubbles: true, cancelable: true }))"""


def render(out: Path, *arguments: str) -> None:
    """The report into a folder. Renders of one book wait for each other, in whichever worker."""
    with open(out.parent / "rendering.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if out.is_dir():
            return
        run = subprocess.run(
            [sys.executable, "-m", "press", "render", *arguments, "--output", str(out), str(ROOT)],
            capture_output=True, text=True, cwd=ROOT, timeout=900)
    assert run.returncode == 0, run.stderr


def labels(kind: str) -> list[str]:
    found = []
    for source in SOURCES:
        found += re.findall(rf"^#\| label: ({kind}-[a-z0-9-]+)$", source.read_text("utf-8"), re.M)
    return found


def keys(table: str) -> list[str]:
    """The first cell of every row of a table of the dataset."""
    text = (ROOT / "data" / f"{table}.csv").read_text("utf-8")
    return [line[0] for line in list(csv.reader(io.StringIO(text)))[1:]]


def opened(browser, book, whole=True, **context):
    """The page in a browser. whole: with all of it laid in, as when a reader asks for the browser's
    own search; else without what arrives once the browser has nothing else to do."""
    tab = browser.new_context(**context).new_page() if whole else early(browser, **context)
    tab.goto((book / "index.html").as_uri())
    if whole and context.get("java_script_enabled", True):
        tab.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true }))")
        assert tab.locator("noscript.later").count() == 0
    return tab


def early(browser, **context):
    """A tab in which nothing of a page is laid in later but what the reader asks for."""
    tab = browser.new_context(**context).new_page()
    tab.add_init_script("window.requestIdleCallback = () => {}")
    return tab


def place_at_rest(tab, element) -> tuple[float, float]:
    """The middle of an element in the window, once what is laid out on the way has its place."""
    element.evaluate("""async (element) => {
        const frame = () => new Promise(requestAnimationFrame);
        for (let before = null, still = 0; still < 5; ) {
            element.scrollIntoView({ block: "center", behavior: "instant" });
            await frame();
            const { x, y } = element.getBoundingClientRect(), now = `${x} ${y}`;
            still = now === before ? still + 1 : 0;
            before = now;
        }
    }""")
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
