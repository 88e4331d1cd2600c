"""Pieces of Markdown: column widths that follow what a reader sees."""

from review.markdown import escape, filled_table, fitted, pipe_table


def test_widths_follow_the_longest_cell_up_to_a_limit():
    rows = [["a", "x" * 90], ["abcdef", "y"]]
    assert fitted(["Row", "Told"], rows, [20, 40]) == [7, 40]


def test_marks_and_citation_keys_do_not_count():
    rows = [["`code` \\*", "[@frerichs2021atra] Abstract"], ["[studies](#dictionary-studies)", ""]]
    assert fitted(["", ""], rows, [50, 50]) == [8, 30]


def test_a_table_says_its_widths_in_dashes():
    assert pipe_table(["a", "b"], [["1", "2"]], [4, 6]).splitlines()[1] == "| ---- | ------ |"


def test_a_column_in_which_nothing_stands_is_left_out():
    told = filled_table(["Row", "Source", "Told"], [["a", "", "long words"], ["b", "", ""]],
                        [20, 20, 8])
    assert told.split("\n")[0] == "| Row | Told |"
    assert told.split("\n")[1] == "| ------ | -------- |"
    assert filled_table(["Row"], [], [20]) == ""


def test_a_narrow_column_keeps_room_for_its_head_beside_wide_ones():
    head, rows = ["Group", "Note", "Statements"], [["A", "x" * 90, "R1"], ["B", "y" * 90, "R2"]]
    widths = [len(column.strip()) for column in
              filled_table(head, rows, [20, 200, 20]).split("\n")[1].strip("|").split("|")]
    assert widths[0] >= len("Group") + 3 and widths[2] >= len("Statements") + 3
    assert 95 <= sum(widths) <= 100 and widths[1] > 70


def test_an_entity_is_the_text_that_it_is():
    assert escape("&lt;b&gt; R&D") == r"\&lt;b\&gt; R\&D"
