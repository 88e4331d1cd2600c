"""Files that a spreadsheet program has saved: read as meant, or refused with cell and remedy."""


import as_published
import pytest

from review.dataset import schema
from review.dataset.problems import DataError
from review.update import merge, spreadsheet

DATA = as_published.dataset()
ROW = {"outcome_id": "x-pfs", "arm_id": "x", "outcome": "pfs", "statistic": "median",
       "use": "synthesis", "status": "value", "kind": "reported", "value": "5.8",
       "unit": "months", "printed": "5.8", "locator": "Abstract, results"}


def columns() -> list[str]:
    return (DATA / "outcomes.csv").read_text("utf-8").partition("\n")[0].split(",")


def table(*rows: dict, separator: str = ",", end: str = "\n") -> str:
    def line(cells):
        quoted = (f'"{c}"' if any(mark in c for mark in (separator, '"', "\n")) else c
                  for c in cells)
        return separator.join(quoted) + end

    names = columns()
    return line(names) + "".join(line([{**ROW, **row}.get(name, "") for name in names])
                                 for row in rows)


@pytest.fixture
def read(tmp_path):
    """Outcomes of a folder whose outcomes.csv has this content."""

    def reader(content: str | bytes):
        content = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "outcomes.csv").write_bytes(content)
        return merge.read_folder(tmp_path, DATA)["outcomes"]

    return reader


@pytest.fixture
def refused(read):
    def reader(content: str | bytes):
        with pytest.raises(DataError) as caught:
            read(content)
        return caught.value.problems

    return reader


# Read as meant ----------------------------------------------------------------------------------


@pytest.mark.parametrize("doi", ["https://doi.org/10.1000/x", "http://dx.doi.org/10.1000/x",
                                 "doi: 10.1000/x", "10.1000/x"])
def test_a_doi_is_read_without_the_address_that_leads_to_it(doi):
    field = next(one for one in schema.read_schema(DATA)["reports"].fields if one.name == "doi")
    assert spreadsheet._cell("reports.csv", 2, field, doi, False, []) == "10.1000/x"


@pytest.mark.parametrize("line", [
    {"outcome_id": "Key of the row", "value": "Median in months"}, {"outcome_id": "Total"},
    dict.fromkeys(ROW, "text"), {name: name for name in ROW}])
def test_a_line_that_is_no_row_is_told_once(refused, line):
    cells = {**dict.fromkeys(ROW, ""), **line}
    problems = [p for p in refused(table(cells, {})) if p.severity == "error"]
    assert [(p.row, p.field, p.rule) for p in problems] == [
        (2, "outcome_id", "no row of the table")]


def test_a_row_with_a_wrong_key_is_a_row(read):
    assert read(table({"outcome_id": "X PFS"}))["outcome_id"].tolist() == ["X PFS"]


def test_a_column_whose_name_has_its_unit_is_named(refused):
    (problem,) = [p for p in refused(table({}).replace(",value,", ",value (months),"))
                  if p.rule == "unknown column"]
    assert problem.remedy == "rename it to value"


def test_a_raised_decimal_point(read):
    assert read(table({"value": "5·8"}))["value"].tolist() == ["5.8"]


def test_byte_order_mark_and_windows_line_ends(read):
    rows = read(b"\xef\xbb\xbf" + table({}, end="\r\n").encode())
    assert rows["outcome_id"].tolist() == ["x-pfs"]
    assert rows["value"].tolist() == ["5.8"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(read, separator):
    rows = read(table({"note": "one, two; three"}, separator=separator))
    assert rows["note"].tolist() == ["one, two; three"]


def test_separator_line_of_excel(read):
    rows = read("sep=;\r\n" + table({}, separator=";", end="\r\n"))
    assert rows["value"].tolist() == ["5.8"]
    assert rows.index[0] + 2 == 3  # the line in the file, below separator line and header


def test_decimal_commas(read):
    rows = read(table({"value": "5,8", "printed": "5,8", "ci_low": "0,125"}, separator=";"))
    assert rows.loc[0, ["value", "printed", "ci_low"]].tolist() == ["5.8", "5.8", "0.125"]


def test_printed_ranges_keep_their_commas_in_a_file_with_points(read):
    rows = read(table({"printed": "5,8"}))
    assert rows["printed"].tolist() == ["5,8"]  # printed so in the source, as far as can be told


@pytest.mark.parametrize(("cell", "meant"), [
    ("1,234.5", "1234.5"), ("1 234", "1234"), ("1\u202f234", "1234"), ("1'234", "1234")])
def test_thousands_that_can_only_be_thousands(read, cell, meant):
    assert read(table({"value": cell}))["value"].tolist() == [meant]


def test_whole_numbers(read):
    assert read(table({"n_total": "1,567"}))["n_total"].tolist() == ["1567"]
    assert read(table({"n_total": "51.0"}))["n_total"].tolist() == ["51"]


def test_spaces_and_quotation_marks(read):
    rows = read(table({"status": "\u201cvalue\u201d", "unit": "\u00a0months ",
                       "note": "\u00a0a\u00a0b"}))
    assert rows.loc[0, ["status", "unit", "note"]].tolist() == ["value", "months", "a b"]


def test_blank_rows_and_columns(read):
    lines = table({}, {"outcome_id": "x-os"}).splitlines()
    blank = "," * lines[0].count(",")
    content = "\n".join([lines[0] + ",,", lines[1] + ",,", blank, "", lines[2], blank, ""])
    rows = read(content)
    assert rows["outcome_id"].tolist() == ["x-pfs", "x-os"]
    assert [index + 2 for index in rows.index] == [2, 5]


@pytest.mark.parametrize(("word", "meant"), [("TRUE", "true"), ("WAHR", "true"), ("Faux", "false")])
def test_truths(tmp_path, word, meant):
    header = (DATA / "reports.csv").read_text("utf-8").partition("\n")[0].split(",")
    cells = {"report_id": "x-report", "lead": word}
    (tmp_path / "reports.csv").write_text(
        ",".join(header) + "\n" + ",".join(cells.get(name, "") for name in header) + "\n")
    assert merge.read_folder(tmp_path, DATA)["reports"]["lead"].tolist() == [meant]


@pytest.mark.parametrize("cell", ["1.25", "12.5", "0.5"])
def test_numbers_are_not_taken_for_dates(read, cell):
    assert read(table({"value": cell}))["value"].tolist() == [cell]


def test_keys_that_look_like_months_stay(read):
    assert read(table({"arm_id": "mai-2023"}))["arm_id"].tolist() == ["mai-2023"]


def test_dates_in_prose_stay(read):
    assert read(table({"locator": "2023-10-28"}))["locator"].tolist() == ["2023-10-28"]


# Refused with the remedy ------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [
    "4-Feb", "04. Feb", "Feb-04", "01. Sep", "2. Mrz", "4-févr.", "02.04.2026", "2/4/2026",
    "2026-04-02", "2026-04-02 00:00:00", "1.9.", "Mai 26", "mar-04"])
@pytest.mark.parametrize("field", ["value", "printed", "figure_row_options"])
def test_dates_made_of_ranges(refused, field, cell):
    problem, = refused(table({field: cell}))
    assert (problem.file, problem.row, problem.field, problem.value) == (
        "outcomes.csv", 2, field, cell)
    assert problem.rule == "made into a date"
    assert "as text" in problem.remedy


@pytest.mark.parametrize("cell", ["43:00", "1:02:00", "12:30 AM"])
def test_times_made_of_numbers(refused, cell):
    assert [p.rule for p in refused(table({"printed": cell}))] == ["made into a time"]


@pytest.mark.parametrize("cell", ["1,234", "12,500"])
def test_ambiguous_thousands(refused, cell):
    problem, = refused(table({"value": cell}))
    assert problem.rule == "ambiguous number"
    assert cell.replace(",", "") in problem.message and cell.replace(",", ".") in problem.message


def test_a_point_is_ambiguous_among_decimal_commas(refused):
    problems = refused(table({"value": "5,8"}, {"value": "1.234", "outcome_id": "x-os"},
                             separator=";"))
    assert [(p.row, p.rule) for p in problems] == [(3, "ambiguous number")]


@pytest.mark.parametrize("cell", ["#REF!", "#VALUE!", "#WERT!", "####", "Err:502"])
def test_errors_of_the_program(refused, cell):
    assert [p.rule for p in refused(table({"value": cell}))] == ["spreadsheet error"]


def test_scientific_notation(refused):
    assert [p.rule for p in refused(table({"value": "1E+02"}))] == ["scientific notation"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16(refused, encoding):
    problem, = refused(table({}).encode(encoding))
    assert problem.rule == "encoding" and "CSV UTF-8" in problem.remedy


def test_older_encoding_names_the_line(refused):
    problem, = refused(table({}, {"note": "naïve"}).encode("latin-1"))
    assert (problem.rule, problem.row) == ("encoding", 3)


def test_text_read_in_the_wrong_encoding(refused):
    garbled = "2.4–4.8".encode().decode("cp1252")
    assert [p.rule for p in refused(table({"printed": garbled}))] == ["encoding"]


def test_text_with_a_separator_and_no_quotation_marks(refused):
    content = table({"note": "one"}).replace("one", "one,two")
    assert [p.rule for p in refused(content)] == ["too many cells"]


def test_unclosed_quotation_mark(refused):
    assert [p.rule for p in refused(table({}) + '"open,')] == ["unreadable"]


def test_columns(refused):
    content = table({}).replace("printed,", "print,", 1)
    assert [(p.rule, p.field, p.remedy) for p in refused(content)] == [
        ("unknown column", "print", "rename it to printed")]
    content = table({}).replace("outcome_id,", "", 1)
    assert ("missing column", "outcome_id") in {(p.rule, p.field) for p in refused(content)}


def test_everything_at_once(refused):
    problems = refused(table({"value": "4-Feb"}, {"printed": "43:00", "n_total": "1.234"}))
    assert [(p.row, p.field) for p in problems] == [(2, "value"), (3, "n_total"), (3, "printed")]


def test_workbooks_and_unknown_tables(tmp_path):
    (tmp_path / "outcomes.xlsx").write_bytes(b"PK")
    (tmp_path / "outcome.csv").write_text(table({}))
    (tmp_path / "claims.csv").write_text("claim_id\n")
    with pytest.raises(DataError) as caught:
        merge.read_folder(tmp_path, DATA)
    told = {p.file: p for p in caught.value.problems}
    assert told["outcomes.xlsx"].rule == "unreadable"
    assert told["outcome.csv"].remedy == "rename it to outcomes.csv"
    assert told["claims.csv"].rule == "table not extended"


def test_empty_folder(tmp_path):
    with pytest.raises(DataError, match="holds no rows"):
        merge.read_folder(tmp_path, DATA)
