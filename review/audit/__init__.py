"""Print against rows: claims, conclusions, figures and tables, with the sources behind each."""
