"""What a page or a terminal shows of an edition, as Markdown or text."""
