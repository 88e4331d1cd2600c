"""An acceptance without the comparison of editions, which takes seconds and has its own tests."""

from types import SimpleNamespace

CHANGED = SimpleNamespace(change_class="changed")
"""All that is kept of a comparison."""
