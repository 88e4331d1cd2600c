"""The report's tables: each builder returns a great_tables table and the rows it shows."""
