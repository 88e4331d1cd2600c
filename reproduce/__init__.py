"""The same report again: on another day, in another place, with another Python, without a network.

Knows the project from outside alone: its files, its locks and the command that renders. Needs
nothing but Python's standard library, because a rebuild begins before anything is installed.
"""
