"""How new rows enter: template, spreadsheet, merge, dry run, acceptance, and what changed."""
