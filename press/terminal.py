"""What was printed for a terminal, as the text a reader would have seen there."""

from __future__ import annotations

import re

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
"""Codes for colours, links and the like; they change how a text looks, not what it says."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f]")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}>")
RANDOM = "prints the address of an object, another with every run; print what it holds"


def _overwritten(line: str) -> str:
    """A line after its carriage returns and backspaces: a later text overwrites an earlier one."""
    seen: list[str] = []
    at = 0
    for character in line:
        if character == "\r":
            at = 0
        elif character == "\b":
            at = max(0, at - 1)
        else:
            seen[at:at + 1] = [character]
            at += 1
    return "".join(seen)


def as_seen(text: str) -> str:
    """The text without codes for a terminal; progress that overwrites itself is its last state."""
    lines = SEQUENCE.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(_overwritten(line) if "\r" in line or "\b" in line else line
                     for line in lines)


def fault(text: str) -> str:
    """What no document can show, or shows differently with each run; "" where there is none."""
    if control := CONTROL.search(text):
        return f"prints the control character U+{ord(control[0]):04X}, which no document can show"
    return RANDOM if ADDRESS.search(text) else ""
