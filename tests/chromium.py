"""The system's Chromium for tests of pages, and the marks of tests that need one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, (shutil.which(name) for name in NAMES if name)), None)
browser_only = [pytest.mark.browser,
                pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")]


@contextmanager
def started() -> Iterator[Any]:
    """A browser; it ends with the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield chromium
        chromium.close()
