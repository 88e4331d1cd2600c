"""Which files a chapter opened that are not part of the key of its outputs.

Such a file could change, and the render would go on to show what was computed from the old one.
``in_kernel.py`` notes in every kernel what is opened.
"""

from __future__ import annotations

import re
import site
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path

from . import cache
from .config import Book

SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt",
          "/var", "/run", "/System", "/Library")
"""Where files lie that belong to the system or a library, not to the project."""
COMPILED = re.compile(r"__pycache__/([^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc$")
CODE = {".py", ".pyc", ".so", ".pyd", ".pth"}


@lru_cache
def _installed() -> tuple[Path, ...]:
    """The folders of this Python and of what is installed for it."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(),
               *site.getsitepackages(), site.getusersitepackages(), *SYSTEM}
    return tuple(dict.fromkeys(Path(name).resolve() for name in folders if name != "/"))


class OpenedFiles:
    """Reads what one kernel opened, piece by piece, from the file it writes to."""

    def __init__(self, book: Book, report: Path):
        self._root, self._report, self._offset = book.root, report, 0
        self._inputs = {path.resolve() for path in cache.input_files(book)}
        self._folders = [(book.root / name).resolve() for name in book.inputs
                         if (book.root / name).is_dir()]
        self.ours = [book.root / cache.FOLDER, report.parent.resolve()]
        """What the renderer itself lets the kernel read: files and folders."""
        self._written: set[Path] = set()

    @property
    def written(self) -> set[str]:
        """The files of the project that the kernel wrote, relative to its root."""
        return {path.relative_to(self._root).as_posix() for path in self._written
                if path.is_relative_to(self._root)}

    def undeclared(self) -> list[str]:
        """The files read since the last call that are no inputs: relative to the project's root
        where they are in it. What the kernel itself has written first is none."""
        try:
            with self._report.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except OSError:
            return []
        data = data[:data.rfind(b"\n") + 1]
        self._offset += len(data)
        names: dict[str, None] = {}
        for line in data.decode(errors="surrogateescape").splitlines():
            path = Path(COMPILED.sub(r"\1.py", line[1:])).resolve()
            if line[0] == "w":
                self._written.add(path)
            elif path not in self._written and self._counts(path):
                inside = path.is_relative_to(self._root)
                names[path.relative_to(self._root).as_posix() if inside else str(path)] = None
        return list(names)

    def _counts(self, path: Path) -> bool:
        if path in self._inputs or any(path.is_relative_to(f) for f in self.ours):
            return False
        if not path.is_file():
            return False
        # The project may lie inside of a system's folder, and a Python inside of the project.
        above = {folder for folder in _installed() if not self._root.is_relative_to(folder)}
        if any(path.is_relative_to(folder) for folder in above):
            return False
        if path.is_relative_to(self._root):
            # What is left out of a folder of inputs cannot change a result: compiled code, caches.
            return not any(path.is_relative_to(folder) for folder in self._folders)
        # Outside of the project: code is that of an installed package, whose version is in the
        # key; hidden folders hold settings and caches of libraries.
        return path.suffix not in CODE and not any(part.startswith(".") for part in path.parts)
