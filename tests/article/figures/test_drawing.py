"""What holds for every figure: the marks are the rows, the words fit, the bytes repeat."""

import itertools
import re
import subprocess
import sys

import layers
import pandas as pd
import pytest
from figure_reading import FOREST, OTHERS, changed, marks, plot_of, texts
from matplotlib.backends.backend_agg import FigureCanvasAgg

from article.contents import CONTENTS
from article.figures import theme
from article.figures.results import ADDED, OF_STUDY
from review.audit import displays
from review.dataset.load import ROOT


def written(figure):
    """Texts of a figure with their boxes in points of the page."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = []
    with theme.style():
        figure.draw(renderer)
        for axes in figure.axes:
            parts = list(axes.texts)
            if axes.axison:
                parts += [axes.xaxis.label, axes.yaxis.label]
                for axis, view in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
                    parts += [tick.label1 for tick in axis.get_major_ticks()
                              if min(view) <= tick.get_loc() <= max(view)]
            found += [(text, text.get_window_extent(renderer)) for text in parts
                      if text.get_text() and text.get_visible()]
    return found


@pytest.mark.parametrize("label", CONTENTS.figures)
def test_words_stand_on_the_page_apart_and_are_large_enough(built, label):
    figure = built(label).artist
    width, height = figure.bbox.width, figure.bbox.height
    words = written(figure)
    for text, box in words:
        inside = box.x0 >= -0.5 and box.x1 <= width + 0.5 and box.y0 >= -0.5 \
            and box.y1 <= height + 0.5
        assert inside, (text.get_text(), box)
    for (first, a), (second, b) in itertools.combinations(words, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0.5 or down <= 2, (first.get_text(), second.get_text())
    assert min(text.get_fontsize() for text, _ in words) >= theme.SMALLEST
    across, down = figure.get_size_inches() * 2.54
    assert across == pytest.approx(16), "wider than the page's text"
    assert down <= 23, "higher than the text of an A4 page"


@pytest.mark.parametrize("label", CONTENTS.figures)
def test_every_colour_follows_the_page_into_the_dark(built, label):
    """A colour without a rule stays as it is, and a light cell then hides its light letter."""
    style = (ROOT / "assets" / "report.css").read_text("utf-8")
    # the area of a use is that of a tick, which has none
    drawn = re.sub(r"<use [^>]*>", lambda use: re.sub(r'fill="[^"]*"', "", use[0]),
                   built(label).artist.svg())
    used = set(re.findall(r'\b(?:fill|stroke)="#[0-9a-f]{6}"', drawn))
    assert used and {one for one in used if f"[{one}]" not in style} == set()


@pytest.mark.parametrize("label", layers.first(3, list(CONTENTS.figures)))
def test_the_same_bytes_twice(r, built, label):
    svg = built(label).artist.svg()
    assert displays.builder(CONTENTS, label)(r).artist.svg() == svg
    assert "<dc:date>" not in svg and len(svg) < 250_000


def test_a_style_of_the_user_changes_nothing(r, built):
    import matplotlib

    expected = built("fig-clinical-os").artist.svg()
    with matplotlib.rc_context({"font.family": "serif", "lines.linewidth": 9,
                                "savefig.bbox": "tight", "svg.fonttype": "none"}):
        assert displays.builder(CONTENTS, "fig-clinical-os")(r).artist.svg() == expected


@pytest.mark.parametrize("label", FOREST)
def test_the_marks_are_the_rows(built, label):
    built_figure = built(label)
    found = marks(built_figure.artist)
    right = plot_of(built_figure.artist).get_xlim()[1]
    expected = {}
    for row in built_figure.rows.to_dict("records"):
        key = row["outcome_id"]
        if row["mark"] == "point":
            expected["point", key] = [row["value"]]
            if row["interval"] in ("reported", "computed"):
                expected[row["interval"], key] = [row["low"], row["high"]]
            elif row["interval"] == "open":
                expected["open", key] = [row["low"], right]
        elif row["mark"] == "bound":
            expected["bound", key] = [row["bound_low"], row["bound_high"]]
        else:
            expected[row["mark"], key] = None
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        if numbers is not None:
            assert found[key][0] == pytest.approx(numbers), key


@pytest.mark.parametrize("label", FOREST)
def test_rows_run_down_the_page_in_their_order(built, label):
    built_figure = built(label)
    heights = {key: y for (_, key), (_, y) in marks(built_figure.artist).items()}
    rows = built_figure.rows
    if label != "fig-naive":  # values lead, and groups of which only limits are known come last
        limits = ~rows["mark"].isin(["point", "arrow"]) & (rows["section"] != ADDED)
        rows = pd.concat([rows[~limits], rows[limits]])
    drawn = [heights[key] for key in rows["outcome_id"] if key in heights]
    assert drawn == sorted(drawn) and len(drawn) == len(built_figure.rows)
    assert built_figure.rows["position"].tolist() == list(range(1, len(built_figure.rows) + 1))


@pytest.mark.parametrize("label", FOREST)
def test_no_bound_and_no_unknown_is_a_value(built, label):
    rows = built(label).rows
    points = {key for kind, key in marks(built(label).artist) if kind == "point"}
    unknown = rows[(rows["status"] != "value") | (rows["kind"] == "bound")]
    assert not points & set(unknown["outcome_id"])
    assert unknown["value"].isna().all() and unknown["low"].isna().all()


@pytest.mark.parametrize("label", FOREST)
def test_each_row_shows_its_columns(built, label):
    found = texts(built(label).artist)
    for row in built(label).rows.to_dict("records"):
        ref = row["ref"] if pd.isna(row["ref_options"]) else row["ref_options"]
        assert f"[{ref}]" in " ".join(found)
        assert row["text"] in found
        months = row["follow_up"].removesuffix(OF_STUDY)
        mark = row["follow_up"][len(months):]
        shown = "–" if row["follow_up"] == "NR" else f"{months} mo{mark}"
        assert shown in found or shown in " ".join(found)
        if pd.notna(row["n_total"]):
            assert any(str(row["n_total"]) == text.strip("(*)") for text in found)


@pytest.mark.parametrize("label", FOREST)
def test_the_plot_takes_a_third_of_the_width(built, label):
    plot = next(axes for axes in built(label).artist.axes if axes.get_label() == "plot")
    assert plot.get_position().width >= 0.32


@pytest.mark.parametrize("label", CONTENTS.figures)
def test_the_text_alternative_tells_every_number(built, label):
    made = built(label)
    assert made.alt.endswith(".") and made.alt.count("nan") == 0 and "<NA>" not in made.alt
    for row in made.rows.to_dict("records"):
        if label == "fig-prisma":
            told = str(row["n"]) if row["status"] == "value" else row["label"]
        elif label in OTHERS:
            told = row[{"fig-known": "column", "fig-contrasts": "value"}.get(label, "text")]
        else:
            told = row["text"] if row["mark"] == "point" else row["name"]
        assert told in made.alt


@pytest.mark.parametrize("label", CONTENTS.figures)
def test_rows_name_their_source(r, built, label):
    rows = built(label).rows
    assert rows["source_id"].isin(r.sources["source_id"]).all()
    assert rows["locator"].notna().all()


def test_long_words_are_broken_and_nothing_is_lost():
    name = "isatuximab-pomalidomide-dexamethasone"
    lines = theme.wrap(f"with {name} and Supercalifragilistic2023", 60)
    assert all(theme.text_width(line) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == f"with{name}andSupercalifragilistic2023"
    assert theme.wrap("Dara, Pom, Dex", 500) == ["Dara, Pom, Dex"]


def test_a_group_with_long_labels_still_fits(r):
    long = "Isatuximab-carfilzomib-pomalidomide-dexamethasone with selinexor and venetoclax"
    wordy = changed(r, "arms", "kikuchi-2023-retreated", label=long, refractory_printed=long)
    made = displays.build("fig-rwe-os", wordy)
    assert plot_of(made.artist).get_window_extent().width > 90
    for text, box in written(made.artist):
        assert box.x0 >= -0.5 and box.x1 <= made.artist.bbox.width + 0.5, text.get_text()


def test_marks_differ_without_colour():
    looks = [theme.mark(design, filling) for design in theme.SHAPES for filling in theme.FILLINGS]
    shapes = {look["marker"] for look in looks}
    assert len(shapes) == len(theme.SHAPES)
    # in grey print: luminance of the fillings, and the half filling by its shape
    fillings = {(look["fillstyle"], _grey(look["markerfacecolor"]) // 50) for look in looks}
    assert len(fillings) == len(theme.FILLINGS)


def test_ink_is_dark_enough_on_white():
    for color in (theme.INK, theme.SOFT, theme.BLUE):
        assert (1 + 0.05) / (_luminance(color) + 0.05) >= 4.5


def _grey(color):
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(color)
    return int(255 * (0.299 * red + 0.587 * green + 0.114 * blue))


def _luminance(color):
    from matplotlib.colors import to_rgb

    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_rows_are_read_without_the_drawing_libraries():
    code = ("import sys\nfrom review.audit import displays\nfrom review.dataset.load import load\n"
            "r = load('published')\n"
            "for label in r.contents.figures: displays.rows(label, r)\n"
            "print(sorted({'matplotlib', 'seaborn'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_label_is_an_error(r):
    with pytest.raises(displays.UnknownLabel, match="no figure or table 'fig-nothing'"):
        displays.build("fig-nothing", r)
