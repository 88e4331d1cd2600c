"""The report's figures: each builder returns what it drew and the rows it drew it from."""
