"""Analysis of the review: data, measures, claims, figures, tables. Knows nothing of pages."""
