"""Time the page in a browser whose processor is slowed down, as that of a phone is.

    python bench/page.py [--slower 4] [--repeat 5] [PAGE]

PAGE is _book/index.html if not given: render first. Needs a Chromium on PATH or in CHROMIUM.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from statistics import median
from typing import Any

from measure import ROOT, Line, report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WHOLE = "() => !document.querySelector('noscript.later')"
"""Whether every part of the page has been laid in."""
NOTE_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
        window.longTasks.push([startTime, duration]);
    }
}).observe({ type: "longtask", buffered: true });
"""
TIMES = """() => {
    const [opened] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    const parsed = opened.domContentLoadedEventEnd;
    const under = window.longTasks.filter(([start]) => start <= parsed);
    const later = window.longTasks.filter(([start]) => start > parsed);
    return { paint, interactive: Math.max(paint, parsed, ...under.map(([start, ms]) => start + ms)),
             longest: Math.max(0, ...later.map(([, ms]) => ms)), whole: performance.now() };
}"""
LABELS = {"paint": ("first paint", None), "interactive": ("interactive", 1.0),
          "longest": ("longest wait while the appendices arrive", 0.2),
          "whole": ("the whole page is laid in", None)}


def times(chromium: Any, page: Path, slower: float, width: int) -> dict[str, float]:
    """Milliseconds for one fresh page of this width: from the navigation to its first paint, to the
    end of its scripts and of any task above 50 ms that began before, and until all is laid in;
    and how long the longest task after that made a reader wait."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    tab.add_init_script(NOTE_TASKS)
    tab.goto(page.as_uri(), timeout=120_000)
    tab.wait_for_function(WHOLE, timeout=120_000, polling=500)
    found: dict[str, float] = tab.evaluate(TIMES)
    context.close()
    return found


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="?", type=Path, default=ROOT / "_book" / "index.html")
    parser.add_argument("--slower", type=float, default=4, help="factor for the processor (4)")
    parser.add_argument("--repeat", type=int, default=5, help="fresh pages of each width (median)")
    arguments = parser.parse_args()
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or not arguments.page.is_file():
        print("There is no Chromium on PATH" if browser is None
              else f"{arguments.page} does not exist; render it first", file=sys.stderr)
        return 1
    lines = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser,
                                              args=["--no-sandbox", "--disable-gpu"])
        for width in (1280, 400):
            runs = [times(chromium, arguments.page.resolve(), arguments.slower, width)
                    for _ in range(arguments.repeat)]
            for name, (label, target) in LABELS.items():
                lines.append(Line(f"{width} px, {label}",
                                  median(one[name] for one in runs) / 1000, "s", target))
        chromium.close()
    report("page", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
