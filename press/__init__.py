"""Render a Quarto book project without Quarto: Jupyter runs it, Pandoc and Typst print it.

The supported subset of Quarto is written down in ``press/README.md`` and checked by
``python -m press lint``. The package knows nothing of the book it renders.
"""
