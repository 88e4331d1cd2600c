"""A drawing of matplotlib's as a small SVG that a page can take in: text as text, colours as
attributes, which a style sheet can change, and a name and an address for each mark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
FONT = "'DejaVu Sans', Verdana, sans-serif"
# written below and around letters, so that no line strikes them through
HALO = "halo"
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# attributes that a style sheet should be able to change
PRESENTATION = {"fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap",
                "stroke-dasharray", "stroke-dashoffset", "opacity", "fill-opacity",
                "stroke-opacity", "font-size", "font-weight", "font-style", "text-anchor"}


def cleaned(text: str, names: Mapping[str, str], description: str = "") -> str:
    """The SVG without date, comments and what nothing refers to.

    names: by group id, what a mark stands for in words; it becomes the mark's title, and the mark
    leads to the row of that name on the page (`#row-outcomes-…`), where it is the key of one. A
    group called halo… is text with a white rim. description: of the whole drawing, for those who do
    not see it.
    """
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(text)
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    _without_style_sheet(root)
    for element in root.iter():
        _plain_attributes(element)
    _with_names(root, names)
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
    root.attrib.update({"font-family": FONT, "stroke-linejoin": "round", "stroke-linecap": "butt"})
    if description:
        told = ElementTree.Element(f"{{{SVG}}}desc")
        told.text = description
        root.insert(0, told)
    svg = ElementTree.tostring(root, encoding="unicode")
    svg = re.sub(r">\s+<", "><", svg)
    return re.sub(r"(?<![\w.#])(-?\d*\.\d\d)\d+", r"\1", svg)


def _without_style_sheet(root: ElementTree.Element) -> None:
    """matplotlib's one rule would hold for the whole page; the root says the same for itself."""
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{{{SVG}}}defs" and child.find(f"{{{SVG}}}style") is not None:
                parent.remove(child)


def _plain_attributes(element: ElementTree.Element) -> None:
    style = dict(part.strip().split(": ", 1) for part in element.get("style", "").split(";")
                 if ": " in part)
    style.pop("font-family", None)
    for name in list(style):
        if name in PRESENTATION:
            element.set(name, style.pop(name).removesuffix("px"))
    if style:
        element.set("style", "; ".join(f"{name}: {value}" for name, value in style.items()))
    else:
        element.attrib.pop("style", None)
    if path := element.get("d"):
        element.set("d", " ".join(path.split()))


def _with_names(root: ElementTree.Element, names: Mapping[str, str]) -> None:
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            name = child.get("id", "")
            if name.startswith(HALO):
                for text in child.iter(f"{{{SVG}}}text"):
                    text.attrib.update({"stroke": "#ffffff", "stroke-width": "2.5",
                                        "paint-order": "stroke"})
            elif name in names:
                row = name.partition(":")[2]
                # a mark that may stand for one of several rows leads to none of them
                link = ElementTree.Element(f"{{{SVG}}}a", {
                    "href": f"#row-outcomes-{row}", "class": "mark", "tabindex": "-1"}) \
                    if KEY.fullmatch(row) else ElementTree.Element(f"{{{SVG}}}g")
                title = ElementTree.SubElement(link, f"{{{SVG}}}title")
                title.text = names[name]
                link.append(child)
                parent[place] = link
