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
QUIET = 2000
"""Milliseconds without a long task after which the page counts as interactive."""
NOTE_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longTasks.push(task.startTime + task.duration);
}).observe({ type: "longtask", buffered: true });
"""
TIMES = """() => {
    const [opened] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    const last = Math.max(0, ...window.longTasks);
    return { paint, parsed: opened.domContentLoadedEventEnd,
             interactive: Math.max(paint, opened.domContentLoadedEventEnd, last) };
}"""
LABELS = {"paint": ("first paint", None), "parsed": ("scripts have run", None),
          "interactive": ("interactive: no long task any more", 1.0)}


def times(chromium: Any, page: Path, slower: float, width: int) -> dict[str, float]:
    """Milliseconds from the navigation to first paint, the end of the scripts, and the end of the
    last task above 50 ms, for one fresh page of this width."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    tab.add_init_script(NOTE_TASKS)
    tab.goto(page.as_uri(), timeout=120_000)
    before = -1.0
    found: dict[str, float] = tab.evaluate(TIMES)
    while found["interactive"] != before:
        before = found["interactive"]
        tab.wait_for_timeout(QUIET)
        found = tab.evaluate(TIMES)
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
