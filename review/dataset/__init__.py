"""What a row is: the schema, the folder, typed editions, joined views, and what is wrong with them."""
