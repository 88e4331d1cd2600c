"""Which files a chapter opened, and which variables of the environment it read, that are not part
of the key of its outputs.

Such a one could change, and the render would go on to show what was computed from the old one.
``in_kernel.py`` notes in every kernel what is opened and read.
"""

from __future__ import annotations

import os
import re
import site
import sys
import sysconfig
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from . import cache
from .config import Book
from .kernels import ENVIRONMENT

SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt",
          "/var", "/run", "/System", "/Library")
"""Where files lie that belong to the system or a library, not to the project."""
CACHES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""Environment variables that name folders with settings and caches of libraries."""
COMPILED = re.compile(r"__pycache__/([^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc$")
CELL = re.compile(r"ipykernel_\d+[\\/]\d+\.py$|^<string>$")
"""How a kernel names the file of a cell, and Python that of an expression."""
CODE = {".py", ".pyc", ".so", ".pyd", ".pth"}


@lru_cache
def _installed() -> tuple[Path, ...]:
    """The folders of this Python and of what is installed for it, its caches among them."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(),
               *site.getsitepackages(), site.getusersitepackages(), *SYSTEM,
               *(os.environ[name] for name in CACHES if os.environ.get(name))}
    return tuple(dict.fromkeys(Path(name).resolve() for name in folders if name != "/"))


class Inputs:
    """Tells for one render of a book which files may be read: its inputs, and what belongs to the
    system, to an installed package or to the renderer."""

    def __init__(self, book: Book, ours: Iterable[Path] = ()):
        self.root = book.root
        self._files = {path.resolve() for path in cache.input_files(book)}
        self._folders = [(book.root / name).resolve()
                         for name in (*book.inputs, *book.further_inputs)
                         if (book.root / name).is_dir()]
        self._ours = [book.root / cache.FOLDER, *(path.resolve() for path in ours)]
        # The project may lie inside of a system's folder, and a Python inside of the project.
        self._above = [folder for folder in _installed()
                       if not book.root.is_relative_to(folder)]
        self._installed_folders: set[str] = set()
        self._variables = {*book.env, *ENVIRONMENT, *CACHES}

    def is_known_installed(self, name: str) -> bool:
        """Whether a file lies in a folder in which an installed file was found before. Thousands
        of files are read when libraries are imported; this spares to look at each."""
        return os.path.dirname(name) in self._installed_folders

    def is_undeclared(self, path: Path, name: str) -> bool:
        """Whether ``path``, which was opened under ``name``, is a file that may not be read."""
        if self._is_installed(path):
            self._installed_folders.add(os.path.dirname(name))
            return False
        if path in self._files or any(path.is_relative_to(folder) for folder in self._ours):
            return False
        if not path.is_file():
            return False
        if any(path.is_relative_to(folder) for folder in self._folders):
            # What is left out of a folder of inputs cannot change a result: compiled code, caches.
            return False
        if path.is_relative_to(self.root):
            return True
        # Outside of the project: code is that of an installed package, whose version is in the
        # key; hidden folders hold settings and caches of libraries.
        return path.suffix not in CODE and not any(part.startswith(".") for part in path.parts)

    def is_undeclared_variable(self, name: str, reader: str) -> bool:
        """Whether a variable of the environment may not be read by the code in a file: a cell, an
        expression or a module of the project."""
        if name in self._variables or name.startswith(cache.FOLLOWED_VARIABLES):
            return False
        path = Path(reader)
        return bool(CELL.search(reader)) or (path.is_absolute() and path.is_relative_to(self.root)
                                             and not self._is_installed(path.resolve()))

    def _is_installed(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self._above)


class OpenedFiles:
    """Reads what one kernel opened, piece by piece, from the file it writes to."""

    def __init__(self, inputs: Inputs, report: Path):
        self._inputs, self._report, self._offset = inputs, report, 0
        self.connection_file = Path()
        """What Jupyter lets the kernel read."""
        self._written: set[Path] = set()
        self.processor = 0.0
        """The processor seconds of the kernel, up to the end of the last cell that was read of."""

    @property
    def written(self) -> set[str]:
        """The files of the project that the kernel wrote, relative to its root."""
        root = self._inputs.root
        return {path.relative_to(root).as_posix() for path in self._written
                if path.is_relative_to(root)}

    def undeclared(self) -> list[str]:
        """The files read since the last call that are no inputs: relative to the project's root
        where they are in it. What the kernel itself has written first is none. Variables of the
        environment are written `$NAME`."""
        try:
            with self._report.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except OSError:
            return []
        data = data[:data.rfind(b"\n") + 1]
        self._offset += len(data)
        root, names = self._inputs.root, dict[str, None]()
        # as the system decodes names of files, whatever the locale
        for line in map(os.fsdecode, filter(None, data.split(b"\n"))):
            kind, name = line[0], line[1:]
            if kind == "t":
                self.processor = float(name)
            elif kind == "e":
                variable, _, reader = name.partition("=")
                if self._inputs.is_undeclared_variable(variable, reader):
                    names[f"${variable}"] = None
            elif kind == "w":
                self._written.add(Path(name).resolve())
            elif not self._inputs.is_known_installed(name):
                path = Path(COMPILED.sub(r"\1.py", name)).resolve()
                if (path not in self._written and path != self.connection_file
                        and self._inputs.is_undeclared(path, name)):
                    inside = path.is_relative_to(root)
                    names[path.relative_to(root).as_posix() if inside else str(path)] = None
        return list(names)
