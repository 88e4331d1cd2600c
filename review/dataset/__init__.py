"""What a row is: the schema, the folder, typed editions, joined views, problems, frozen rows."""
