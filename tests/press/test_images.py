"""Images keep their size and what an author says of them, and are there."""

from page_policy import style

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
       "Jggg==")
CELL = ("```{{python}}\n#| echo: false\n#| fig-alt: dot\nimport base64\n"
        "from IPython.display import Image\nImage(base64.b64decode('{}'), {})\n```\n")


def test_attributes_and_sizes_stay(small):
    small.path("a.svg").write_text(SVG, "utf-8")
    small.append("index.qmd", "![x](a.svg){#pic title='t' style='width: 50%' data-x=1 width=20} "
                 "and <img src='a.svg' alt='y' style='width:2cm'> [to](#pic).\n\n"
                 "![alone](a.svg){#alone}\n\n[there](#alone)\n\n"
                 + CELL.format(PNG, "width=300"))
    done = small.press("render")
    assert done.status == 0, done.err
    first, second, _, cell = small.page.main.find_all("img")
    assert (first["id"], first["title"], first["data-x"]) == ("pic", "t", "1")
    assert [style(small.page, one) for one in (first, second, cell)] == [
        "width:20px; width: 50%", "width:2cm", "width:300px"]
    assert small.page.find(id="alone").img


def test_tags_in_the_data_of_a_script_are_text(small):
    data = '{"a": "<img src=gone.svg> <a href=gone.qmd>x</a> <b id=one> <b id=one>"}'
    small.append("index.qmd", "```{=html}\n<p>before</p>"
                 f'<script type="application/json" id="data">{data}</script>'
                 '<p><a href="#data">after</a></p>\n```\n\nprinted\n')
    done = small.press("render", "--to", "html")
    assert done.status == 0, done.err
    assert small.page.find("script", id="data").string == data
    assert small.page.main.find("a", string="after")["href"] == "#data"


def test_what_is_wrong_with_an_image_is_told_at_its_line(small):
    small.path("a.svg").write_text(SVG, "utf-8")
    line = small.append("index.qmd", "![x](gone.svg)\n\n![See @sec-one](a.svg){#fig-a}\n")
    told = small.press("render", "--to", "html").err
    assert f"index.qmd:{line + 2}: the image `a.svg` has no text alternative" in told
    small.edit("index.qmd", "{#fig-a}", "{#fig-a fig-alt='x'}")
    told = small.press("render", "--to", "html").err
    assert f"index.qmd:{line}: the image gone.svg is not there" in told
    line = small.append("index.qmd", "![x](a.svg){width=abc}\n")
    assert f"index.qmd:{line}: `width=\"abc\"` must be" in small.press("render").err


def test_the_size_of_an_image_is_in_no_notebook(small):
    small.append("index.qmd", CELL.format(PNG, "width=300"))
    assert small.press("notebooks").status == 0
    assert not [path for path in small.root.rglob("*.ipynb")
                if "sizes" in path.read_text("utf-8")]


def test_an_image_by_its_height_is_refused(small):
    line = small.append("index.qmd", CELL.format(PNG, "height=3"))
    assert f"index.qmd:{line}: the cell gives an image by its height" in small.press("render").err
