"""A page as plain text: what a reader reads, a line for each paragraph, cell and heading."""

from __future__ import annotations

from html.parser import HTMLParser

SKIPPED = {"head", "script", "style", "template", "svg", "pre", "nav"}
"""What is no text of the report: drawings and code are compared by themselves."""
BLOCKS = {"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "figcaption", "caption",
          "section", "div", "figure", "summary", "blockquote", "table", "main", "article"}
CELLS = {"td", "th"}


class _Reader(HTMLParser):
    """Collects the lines of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self._skipped.append(tag)
        elif not self._skipped:
            if tag in BLOCKS or tag == "br":
                self.end_line()
            elif tag in CELLS and self._line:
                self._line.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        elif not self._skipped and tag in BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._line.append(data)

    def end_line(self) -> None:
        """Begin a new line, unless the line is empty."""
        if text := " ".join("".join(self._line).split()):
            self.lines.append(text)
        self._line = []


def lines(html: str) -> list[str]:
    """The lines of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.lines
