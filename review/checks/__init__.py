"""What a careful second extractor would check, beyond the schema: one module a subject.

Each rule is a function from a `rule.Dataset` to the problems it finds. Rules look at whole columns,
so that their cost grows with the rows and not with the studies. `validate` runs them all.
"""
