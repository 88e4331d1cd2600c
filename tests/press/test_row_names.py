"""Which cells of a Markdown table are the heads of their rows."""

import pytest
from bs4 import BeautifulSoup

from press import pandoc

TABLE = "| A | B |\n|---|---|\n"


@pytest.mark.parametrize(("rows", "names"), [
    ("| x | 1 |\n| y | 1 |\n", ["x", "y"]),
    ("| x | 1 |\n| x | 2 |\n", []),
    ("| x | 1 |\n|   | 2 |\n", []),
    ("| **x** | 1 |\n| [y](#z) | 2 |\n", ["x", "y"])])
def test_the_first_column_names_the_rows_where_it_can(rows, names, tmp_path):
    arguments = ["--from=markdown", "--to=html", '--metadata=press-words:{"table-in": "Table"}',
                 f"--lua-filter={pandoc.FILTERS / 'crossref.lua'}",
                 f"--lua-filter={pandoc.FILTERS / 'elements.lua'}"]
    written, findings = pandoc.run(arguments, tmp_path, TABLE + rows)
    page = BeautifulSoup(written, "html.parser")
    assert findings == []
    assert [cell.get_text() for cell in page.select("tbody th[scope=row]")] == names
    assert len(page.select("tbody th")) == len(names)
