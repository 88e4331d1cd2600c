"""A function for each statement of the article, one module a section.

A function takes a review and returns an answer; its docstring is the rule in words, and @claim ties
it to its id in data/claims.csv. It types no published value: what is printed stands in that file.
"""
