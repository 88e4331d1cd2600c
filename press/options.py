"""Every key of ``_quarto.yml`` and every option of a chapter or a cell, each in one place.

An entry says where the key may stand, what this renderer does with it, which values it may have
and what holds where it is not given. The reader of ``_quarto.yml``, the lint, their messages and
the tables of ``press/README.md`` all take it from here; ``python -m press options`` prints it.

A key has one of four effects. *Honoured*: the document follows it. *Fixed*: it may stand in the
file with the one value that is always so here, since Quarto needs to be told. *Passed over*: it
concerns the look of Quarto's documents, its website, or how it runs, and does nothing here; a key
that changes what a reader is told is never passed over. *Refused*: it would make the document
wrong. A key that is not listed is an error too, so that nothing is dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from .checks import (
    Check,
    a_list,
    anything,
    author,
    book,
    boolean,
    choice,
    column,
    file_name,
    fixed_date,
    formats,
    inside,
    kernel,
    keys_and_values,
    language,
    one_format,
    paragraph,
    text,
    texts,
    whole_number,
    width,
    words,
    written,
)
from .words import WORDS


class Effect(Enum):
    """What this renderer does with a key."""

    HONOURED = "honoured"
    FIXED = "fixed"
    PASSED_OVER = "passed over"
    REFUSED = "refused"


@dataclass(frozen=True)
class Option:
    """One key, in every place where it means the same.

    ``places`` are the sections that may hold it: ``""`` is the top of ``_quarto.yml``,
    ``"chapter"`` the front matter of a chapter, ``"cell"`` a cell. ``help`` says what it does, or
    why it is refused. ``default`` is the value where the key is not given or is left empty.
    ``files``: the value names files that must exist, relative to the project's root.
    """

    places: tuple[str, ...]
    name: str
    effect: Effect
    help: str
    default: Any = None
    check: Check = anything
    required: bool = False
    files: bool = False

    def path(self, place: str) -> str:
        """The key as it is written about: ``book.title``; in a chapter or a cell its name alone."""
        return self.name if place in ("", "chapter", "cell") else f"{place}.{self.name}"

    def fault(self, place: str, value: Any) -> str:
        """What is wrong with a value that is given for this key, with the remedy; else ""."""
        if self.effect is Effect.REFUSED:
            return f"`{self.path(place)}` {self.help}; leave it out" if value else ""
        message = "" if value is None else self.check(value)
        given = "" if isinstance(value, (list, dict)) else f": {' '.join(written(value).split())}"
        return f"`{self.path(place)}{given}` {message}" if message else ""


def _honoured(places: str | tuple[str, ...], name: str, help: str, check: Check,
              default: Any = None, **more: bool) -> Option:
    where = (places,) if isinstance(places, str) else places
    return Option(where, name, Effect.HONOURED, help, default, check, **more)


def _fixed(places: str | tuple[str, ...], value: Any, names: str) -> list[Option]:
    where = (places,) if isinstance(places, str) else places
    return [Option(where, name, Effect.FIXED, f"always `{written(value)}`", value, choice(value))
            for name in names.split()]


def _passed_over(places: str | tuple[str, ...], why: str, names: str) -> list[Option]:
    where = (places,) if isinstance(places, str) else places
    return [Option(where, name, Effect.PASSED_OVER, why) for name in names.split()]


SHOWN_WARNINGS = "what is written on standard error is shown"
ELSE_BOOK = "Not given: as `_quarto.yml` says"
FOLDED = "code is folded on the page: `true`, `false`, or `show` (folded, but open)"

HTML, TYPST = "format.html", "format.typst"
BOTH = (HTML, TYPST)
ANY_FORMAT = ("", HTML, TYPST)
ANY_EXECUTE = ("execute", HTML, TYPST, f"{HTML}.execute", f"{TYPST}.execute")

OPTIONS: tuple[Option, ...] = (
    _honoured("", "project", "the section `project`", keys_and_values),
    _honoured("", "book", "the section `book`", keys_and_values),
    _honoured("", "execute", "the section `execute`", keys_and_values),
    _honoured("", "press", "the section `press`, read by this renderer alone; Quarto keeps it as "
              "metadata", keys_and_values),
    _honoured("", "format", "the section `format`: options of `html`, and of `typst` for the PDF",
              formats),
    _honoured("format", "html", "the section `format.html`", one_format),
    _honoured("format", "typst", "the section `format.typst`", one_format),
    _honoured("", "bibliography", "files of references, as in Quarto", texts, files=True),
    _honoured("", "csl", "the citation style; one that writes citations in the text, not as notes "
              "or superscripts", text, "", files=True),
    _honoured("", "nocite", "entries for the list of references that are cited nowhere: `@key`, or "
              "`@*` for all", text, ""),
    _honoured("", "metadata-files", "files with further keys; not read here, so that each has to "
              "stand under `press.quarto-only`, too", texts, files=True),
    _honoured("", "lang", "language of the documents and of the words that are put in (Figure, "
              f"Contents …): {', '.join(f'`{name}`' for name in WORDS)}, also as `en-GB`", language,
              "en"),
    _honoured(ANY_FORMAT, "toc-depth", "levels of headings in the contents of the page",
              whole_number, 2),
    _honoured(ANY_FORMAT, "code-fold", FOLDED, choice(True, False, "show"), False),
    _honoured(ANY_FORMAT, "code-summary", "the words on folded code", text, "Code"),

    _honoured("project", "type", "`book`", book, required=True),
    _honoured("project", "output-dir", "folder of the documents", text, "_book"),
    _honoured("project", "execute-dir", "`project`: every chapter runs in the project's root; "
              "`file`: in its own folder", choice("file", "project"), "file"),
    _honoured("project", "pre-render", "commands run before a render; one that fails stops it with "
              "its message. `x.py` and `python …` run with this Python. A command that succeeded "
              "is not run again while `press.inputs`, the resources, the packages and `press.env` "
              "are the same", texts),
    _honoured("project", "resources", "files and patterns copied beside the output; a relative "
              "link in a chapter has to lead to one of them", inside),

    _honoured("book", "title", "title; Markdown, as subtitle and description", words, "",
              required=True),
    _honoured("book", "subtitle", "subtitle", words, ""),
    _honoured("book", "author", "a name, a mapping with `name`, or a list of them", author),
    _honoured("book", "date", "date of the title page, written out", fixed_date, ""),
    _honoured("book", "description", "a paragraph on the title page", words, ""),
    _honoured("book", "chapters", "paths of `.qmd` files, without `./`, no parts", a_list,
              required=True),
    _honoured("book", "appendices", "the same for chapters lettered A, B, …", a_list),
    _honoured("book", "output-file", "name of the PDF, without `.pdf`", file_name, "book"),

    _honoured(ANY_EXECUTE, "echo", "the code of cells is shown", boolean, True),
    _honoured(ANY_EXECUTE, "warning", SHOWN_WARNINGS, boolean, True),
    Option(("execute",), "freeze", Effect.REFUSED,
           "serves stale numbers after the data or the helper code changed"),
    Option(("execute",), "cache", Effect.REFUSED, "breaks inline code"),

    _honoured(BOTH, "execute", "`echo` and `warning` for this document", keys_and_values),
    _honoured(HTML, "css", "files added to the page's style; "
              "fonts that they name with `url(…)` become part of the page", texts, files=True),
    _honoured(HTML, "include-in-header",
              "files put into the head of the page as they are", texts, files=True),
    _honoured(HTML, "include-after-body",
              "files put at the end of the page as they are", texts, files=True),

    _honoured(TYPST, "font-paths", "folders with fonts for the PDF, such as those of drawings; "
              "those of the system are never used", texts),

    _honoured("press", "env", "names of environment variables that chapters read: part of the "
              "cache key. Kernels inherit the whole environment", texts),
    _honoured("press", "inputs", "files and folders that chapters and pre-render commands read "
              "(data, helper code): part of the cache key. Not given: all files of the project "
              "except text, tests, notebooks and hidden folders", texts),
    _honoured("press", "pre-render-inputs", "files and folders that pre-render commands alone "
              "read: when one changes, the commands run again, and no chapter", texts),
    _honoured("press", "quarto-only", "files of `metadata-files` with what Quarto alone needs to "
              "be told, because this renderer does it by itself", texts, files=True),
    _honoured("press", "supplement", "the last chapters, which go into a PDF of their own, "
              "`<output-file>-supplement.pdf`, beside that of the others", texts, files=True),
    _honoured("press", "first", "chapters that take long, longest first: they start first as long "
              "as no earlier render has shown how long each takes", texts),
    _honoured("press", "preload", "modules that are imported once and shared by all kernels, each "
              "of which is still a process of its own (Linux; elsewhere every kernel imports for "
              "itself). For libraries that take long to import; not for modules that look for the "
              "running notebook while they are imported (`get_ipython()`)", texts),

    _honoured("chapter", "title", "the chapter's level-1 heading", text, ""),

    _honoured("cell", "label", "name of the cell, unique in the book; `fig-…` and `tbl-…` make it "
              "a figure or table with a number", text, ""),
    _honoured("cell", "fig-cap", "caption of a `fig-` cell", paragraph),
    _honoured("cell", "fig-alt", "what the figure shows, for those who do not see it", text),
    _honoured("cell", "tbl-cap", "caption of a `tbl-` cell", paragraph),
    _honoured("cell", "echo", f"the cell's code is shown. {ELSE_BOOK}", boolean),
    _honoured("cell", "include", "the cell is shown at all", boolean, True),
    _honoured("cell", "eval", "the cell is run", boolean, True),
    _honoured("cell", "output", "what the cell gives is shown; `asis`: printed text is Markdown",
              choice(True, False, "asis"), True),
    _honoured("cell", "warning", f"{SHOWN_WARNINGS}. {ELSE_BOOK}", boolean),
    _honoured("cell", "code-fold", f"{FOLDED}. {ELSE_BOOK}", choice(True, False, "show")),
    _honoured("cell", "code-summary", f"the words on the folded code. {ELSE_BOOK}", text),
    _honoured("cell", "out-width", "width of the figure: `80%`, `300px`", width),
    _honoured("cell", "classes", "classes around the cell, for a style sheet or a div of this page",
              texts),
    Option(("cell",), "column", Effect.PASSED_OVER, "where Quarto's page sets the cell",
           check=column),

    Option(("",), "jupyter", Effect.FIXED, "always `python3`", "python3", kernel),
    *_fixed(ANY_FORMAT, True, "toc number-sections citeproc link-citations"),
    *_fixed(ANY_FORMAT, "svg", "fig-format"),
    *_fixed(ANY_FORMAT, False, "code-line-numbers"),
    *_fixed("execute", True, "enabled"),
    *_fixed(TYPST, "a4", "papersize"),

    *_passed_over("", "how Quarto runs and writes", "editor keep-ipynb"),
    *_passed_over("project", "how Quarto runs and writes", "title lib-dir preview"),
    *_passed_over("execute", "how Quarto runs and writes", "daemon debug"),
    *_passed_over("book", "links to the repository",
                  "repo-url repo-branch repo-actions repo-subdir issue-url"),
    *_passed_over("book", "Quarto's website",
                  "site-url search sidebar navbar page-navigation page-footer page-header favicon "
                  "downloads sharing reader-mode back-to-top-navigation bread-crumbs "
                  "open-graph twitter-card google-scholar image image-alt"),
    *_passed_over(BOTH, "the look of Quarto's documents",
                  "code-copy code-overflow syntax-highlighting highlight-style mainfont monofont "
                  "fontsize linestretch"),
    *_passed_over(HTML, "the look of Quarto's page",
                  "theme toc-location toc-expand code-tools code-link anchor-sections "
                  "smooth-scroll embed-resources self-contained page-layout grid lightbox "
                  "link-external-newwindow link-external-icon citations-hover footnotes-hover "
                  "crossrefs-hover html-math-method fontcolor linkcolor backgroundcolor "
                  "max-width minimal respect-user-color-scheme"),
    *_passed_over(TYPST, "the look of Quarto's PDF",
                  "margin columns section-numbering keep-typ pdf-standard"),
)

_BY_PLACE: dict[str, dict[str, Option]] = {}
for _option in OPTIONS:
    for _place in _option.places:
        _BY_PLACE.setdefault(_place, {})[_option.name] = _option


CONFIG_PLACES = tuple(place for place in _BY_PLACE if place not in ("chapter", "cell"))
"""The sections of ``_quarto.yml``; ``""`` is its top."""


def options_of(place: str) -> dict[str, Option]:
    """The options that one place may hold (``""``, ``"book"``, ``"cell"`` …), by name."""
    return _BY_PLACE[place]


def default(place: str, name: str) -> Any:
    """What holds where an option is not given."""
    return _BY_PLACE[place][name].default


def _of_cells(option: Option) -> bool:
    return option.places[0] in ("chapter", "cell")


def _keys(option: Option) -> list[str]:
    """The key in each of its places; in both formats and nowhere else, as `format.*.toc`."""
    if option.places == BOTH:
        return [f"`format.*.{option.name}`"]
    return [f"`{option.path(place)}`" for place in option.places]


def _row(option: Option) -> str:
    """A line of the table: every key, what it does, and what holds without it."""
    keys = ", ".join(_keys(option))
    if option.effect is Effect.REFUSED:
        return f"| {keys} | refused: {option.help} | |"
    given = "" if option.default in (None, "") else f"`{written(option.default)}`"
    return f"| {keys} | {option.help} | {'required' if option.required else given} |"


def markdown_table(cells: bool) -> str:
    """The options of chapters and cells, or else the keys of ``_quarto.yml``, as Markdown.

    First those that are honoured or refused, with meaning and default, then those passed over.
    """
    chosen = [one for one in OPTIONS if _of_cells(one) is cells]
    sections = (keys_and_values, formats, one_format)
    listed = [one for one in chosen
              if one.effect is not Effect.PASSED_OVER and one.check not in sections]
    reasons: dict[str, list[str]] = {}
    for one in chosen:
        if one.effect is Effect.PASSED_OVER:
            reasons.setdefault(one.help, []).extend(_keys(one))
    return "\n".join([
        f"| {'option' if cells else 'key'} | meaning here | where it is not given |",
        "|---|---|---|", *map(_row, listed), "", "Passed over:", "",
        *(f"- {reason}: {', '.join(names)}" for reason, names in reasons.items())]) + "\n"
