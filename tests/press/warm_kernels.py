"""Kernels of books that preload nothing, forked from one process for all tests.

Starting Python and ipykernel takes most of the time of a small render. As in a preview, each kernel
is still a process of its own. Books that preload modules have their own server, as ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from press import config, kernels


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Within the block, small books share a fork server."""
    if not kernels.CAN_FORK:
        yield
        return
    (folder / "_quarto.yml").write_text(
        "project:\n  type: book\nbook:\n  title: Warm\n  chapters:\n    - index.qmd\n"
        "press:\n  preload: [json]\n", "utf-8")
    (folder / "index.qmd").write_text("# One\n", "utf-8")
    own = kernels.KernelHost
    with own(config.load(folder)) as common:
        class Shared(own):
            def __init__(self, book, server=None):
                super().__init__(book, server or (None if book.preload else common.fork_server))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(kernels, "KernelHost", Shared)
            yield
