"""Kernels of most books of these tests are forked from the same two processes.

Starting Python and importing libraries takes most of the time of a small render. As in a preview,
each kernel is still a process of its own. A book that preloads other modules, or is rendered in
another environment, has a server of its own, as ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from press import config, kernels


def environment() -> dict[str, str]:
    """What kernels would be started in."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@contextmanager
def shared(demo: Path, folder: Path) -> Iterator[None]:
    """Within the block, books that preload nothing, or what the demonstration does, share a
    server. folder: an empty one."""
    if not kernels.CAN_FORK:
        yield
        return
    (folder / "_quarto.yml").write_text(
        "project:\n  type: book\nbook:\n  title: Warm\n  chapters:\n    - index.qmd\n"
        "press:\n  preload: [json]\n", "utf-8")
    (folder / "index.qmd").write_text("# One\n", "utf-8")
    own, before = kernels.KernelHost, environment()
    models = {(): config.load(folder), config.load(demo).preload: config.load(demo)}
    servers = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        def server_for(book):
            if book.preload not in models or environment() != before:
                return None
            if book.preload not in servers:
                servers[book.preload] = stack.enter_context(own(models[book.preload]))
            return servers[book.preload].fork_server

        class Shared(own):
            def __init__(self, book, server=None):
                super().__init__(book, server or server_for(book))

        patched.setattr(kernels, "KernelHost", Shared)
        yield
