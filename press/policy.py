"""The page's Content-Security-Policy, and what it keeps out.

The page runs its own scripts and those of ``include-in-header`` and ``include-after-body``, each by
its digest, and loads nothing. What a chapter holds, the data that its cells show among it, cannot
run: no script, no handler, no frame, no address of another host. A chapter that has one of these is
refused, since it would be dead.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from . import looks
from .markup import Tag, beginning, tags
from .pandoc import Finding

PLACE = "pressXpolicyX"
"""Stands in the template where the policy goes: before all that it governs, and after the encoding,
for which a browser looks in the first kilobyte."""
FRAMES = {"iframe", "frame", "frameset", "object", "embed", "applet", "base"}
SOURCES = ("src", "srcset", "poster", "background")
ADDRESSES = ("href", "xlink:href")
PICTURES = {"img", "image"}
LOADING = {"icon", "apple-touch-icon", "preload", "prefetch", "modulepreload", "manifest",
           "dns-prefetch", "preconnect", "prerender"}
"""What a ``link`` names that a browser fetches."""
SUSPICIOUS = re.compile(
    rf"<(?:{'|'.join(sorted(FRAMES))}|script|style|link|meta|form)\b|[\s/\"']on[a-z]+\s*=|style\s*="
    r"|script\s*:|data\s*:|<image\b|\b(?:src|srcset|poster|background|formaction)\s*=", re.I)
"""What may be kept out; a text without any of it need not be read tag by tag."""
RUNNING = re.compile(r"(?:java|vb|live)script:", re.I)
ELSEWHERE = re.compile(r"(?!data:)(?:[a-z][\w+.-]*:|//)", re.I)


def digest(text: str) -> str:
    """What a policy calls a script or style sheet: the digest of the text in it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(trusted: str, sheets: Iterable[str] = ()) -> str:
    """The policy of a page as a ``meta`` element.

    trusted: the parts of the page in which scripts and style sheets are the author's. ``sheets``:
    the texts of style sheets elsewhere in the page.
    """
    scripts, styles = [], [digest(sheet) for sheet in sheets]
    for tag in tags(trusted):
        if tag.runs and tag.inside is not None:
            scripts.append(digest(tag.inside))
        elif tag.name == "style" and tag.inside is not None:
            styles.append(digest(tag.inside))
    return _meta({"script-src": scripts, "style-src": styles})


def _meta(sources: dict[str, list[str]]) -> str:
    rules = {"default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"],
             "img-src": ["data:"], "font-src": ["data:"]}
    rules |= {name: list(dict.fromkeys(values)) or ["'none'"] for name, values in sources.items()}
    text = "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'


def with_script(page: str, script: str) -> str:
    """The page with a policy that lets one more script in, and lets it talk to the page's server:
    for a preview."""
    return re.sub(r"(<meta http-equiv=\"Content-Security-Policy\" content=\"[^\"]*?; script-src)"
                  r"(?: 'none')?", lambda match: f"{match[1]} {digest(script)}", page, count=1
                  ).replace('"Content-Security-Policy" content="',
                            '"Content-Security-Policy" content="connect-src \'self\'; ', 1)


def _fault(tag: Tag, trusted: bool) -> tuple[str, str] | None:
    """What of an element is kept out, in words, and how it begins; None where nothing is."""
    if tag.runs and not trusted:
        return ("the page runs no script of a chapter, since a chapter shows data; write it into a "
                "file of `format.html.include-after-body`", "<script")
    if tag.runs and "src" in tag.attributes:
        return "the page loads no script from elsewhere; write the script itself", "<script"
    if tag.name == "style" and not trusted:
        return ("the page takes no style sheet from a chapter; write it into a file of "
                "`format.html.css`", "<style")
    if tag.name in FRAMES or (tag.name == "meta" and "http-equiv" in tag.attributes) or (
            tag.name == "link" and _fetches(tag)):
        return f"the page's policy lets no <{tag.name}> in", f"<{tag.name}"
    for name, value in tag.attributes.items():
        if re.fullmatch(r"on[a-z]+", name):
            return (f"the page runs no handler like `{name}`; use addEventListener in a script of "
                    "`format.html.include-after-body`", name)
        address = re.sub(r"[\x00-\x20]+", "", value)
        if name in ADDRESSES and RUNNING.match(address):
            return f"the page follows no address like `{address[:40]}`", beginning(value, name)
        if name in ("action", "formaction"):
            return f"the page sends no form, to {address[:60]} or elsewhere", beginning(value, name)
        source = name in SOURCES or (tag.name == "image" and name in ADDRESSES)
        if source and tag.name != "script" and (message := _unloaded(tag, name, address)):
            return message, beginning(value, name)
        if name == "style" and (message := looks.fault(value)):
            return message, beginning(value, name)
    return None


def _fetches(tag: Tag) -> bool:
    """Whether a ``link`` names something to be fetched; an icon that is data is there already."""
    kinds = set(tag.attributes.get("rel", "").lower().split())
    there = tag.attributes.get("href", "").strip().lower().startswith("data:image/")
    return "stylesheet" in kinds or (bool(kinds & LOADING) and not there)


def _unloaded(tag: Tag, name: str, address: str) -> str:
    """Why what an attribute names does not come into the page; "" where it does: a picture that is
    data, or the file of an ``img``, which is put into the page."""
    if ELSEWHERE.match(address):
        return f"{address[:60]} is on another host, and the page loads nothing"
    if address.lower().startswith("data:"):
        if tag.name in PICTURES or name == "poster":
            return ""
    elif (tag.name, name) == ("img", "src") or not address or address.startswith("#"):
        return ""
    return (f"the page loads nothing, and {name} of <{tag.name}> would be empty; show a picture "
            "by <img src>")


def faults(html: str, trusted: bool = False) -> Iterator[tuple[str, str, int]]:
    """What a part of the page holds that its policy keeps out: in words, how it begins in the text,
    and where.

    trusted: scripts and style sheets in it are the author's and run.
    """
    if SUSPICIOUS.search(html):
        for tag in tags(html):
            if found := _fault(tag, trusted):
                message, search = found
                # As the author wrote it: <SCRIPT is <script.
                yield (message, html[tag.start:tag.start + len(search)]
                       if search.startswith("<") else search, tag.start)


def check(tree: Any, path: str, line: int = 0) -> list[Finding]:
    """What a chapter's tree (Pandoc's, JSON) holds that the page's policy keeps out. ``line`` is
    that of the cell that gave it, 0 in text."""
    findings: list[Finding] = []
    if isinstance(tree, list):
        for item in tree:
            findings += check(item, path, line)
    elif isinstance(tree, dict):
        kind, content = tree.get("t"), tree.get("c") or []
        if kind in ("RawBlock", "RawInline") and content[0] == "html":
            findings += [Finding("subset", message, path, search, line)
                         for message, search, _ in faults(content[1])]
        elif kind == "Link" and RUNNING.match(re.sub(r"[\x00-\x20]+", "", content[2][0])):
            findings.append(Finding("subset", f"the page follows no address like "
                                    f"`{content[2][0][:40]}`", path, content[2][0][:40], line))
        elif kind == "Div" and "cell-html" in content[0][1]:
            line = int(dict(content[0][2]).get("line", line))
        for value in tree.values():
            if isinstance(value, (dict, list)):
                findings += check(value, path, line)
    return findings
