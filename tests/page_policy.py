"""What every page has to keep: one policy, the digest of each script and style sheet in it, and
nothing that it would keep out. Read with html5lib, as a browser reads it, not with our own code."""

from __future__ import annotations

import base64
import hashlib
import re

from bs4 import BeautifulSoup

DATA = {"application/json", "application/ld+json"}
ALWAYS = {"default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"],
          "img-src": ["data:"], "font-src": ["data:"]}
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation",
    (event) => window.refused.push(`${event.effectiveDirective} ${event.blockedURI} `
        + `${event.sourceFile}:${event.lineNumber}`));"""
"""For a browser, before the page: notes what its policy keeps out."""


def directives(soup: BeautifulSoup) -> dict[str, list[str]]:
    """The policy's directives; the one `meta` stands before everything but the encoding."""
    [meta] = soup.find_all("meta", attrs={"http-equiv": re.compile("^content-security-policy$",
                                                                   re.I)})
    first = [tag for tag in soup.head.find_all(True, recursive=False)
             if tag.get("charset") is None][0]
    assert first is meta, first
    parts = [part.split() for part in meta["content"].split(";")]
    return {name: values for name, *values in parts}


def faults(html: str, also: dict[str, list[str]] | None = None) -> list[str]:
    """What is wrong with a page. also: directives that it has besides."""
    soup = BeautifulSoup(html, "html5lib")
    rules = directives(soup)
    found = [f"{name} {values}" for name, values in (ALWAYS | (also or {})).items()
             if rules.get(name) != values]
    if rules.keys() != ALWAYS.keys() | {"script-src", "style-src"} | (also or {}).keys():
        found.append(f"directives {sorted(rules)}")
    found += [f"{name} {value}" for name, values in rules.items() for value in values
              if value.startswith("'unsafe") or value in ("*", "http:", "https:")]
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        texts = [tag.string or "" for tag in soup.find_all(name) if tag.get("type") not in DATA]
        digests = {"'sha256-" + base64.b64encode(hashlib.sha256(
            text.encode()).digest()).decode() + "'" for text in texts}
        if set(rules[rule]) - {"'none'"} != digests:
            found.append(f"{rule} {rules[rule]} but {digests}")
    for tag in soup.find_all(True):
        found += [f"<{tag.name} {name}>" for name, value in tag.attrs.items()
                  if name == "style" or re.fullmatch("on[a-z]+", name)
                  or re.match(r"\s*(java|vb)script:", str(value), re.I)]
        if tag.name in ("iframe", "object", "embed", "base", "form") or (
                tag.name == "script" and tag.get("src")) or (
                tag.name in ("img", "source") and not tag.get("src", "").startswith("data:")):
            found.append(f"<{tag.name}> {str(tag)[:80]}")
    return found


def style(soup: BeautifulSoup, element: object) -> str:
    """What the page's rules for style attributes say of an element."""
    sheet = soup.find("style", id="press-looks").string or ""
    looks = dict(re.findall(r"\.(press-\d+):not\(#_#_#_\) \{ (.*?) \}", sheet))
    return "; ".join(looks[name] for name in element.get("class", []) if name in looks)
