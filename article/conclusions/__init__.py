"""The headline sentences of abstract and discussion, each with the predicate that carries it."""
