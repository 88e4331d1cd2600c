"""The statements of the invented review, one module a section."""
