"""Ledger and dataset in open formats that other tools read, one module a format.

Each module has a function `text`, which makes the whole file of an edition as text and writes
nothing; `export` knows them all by name.
"""
