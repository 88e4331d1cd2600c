"""This review's part in the synthesis: strata, headline rules, variants, contrasts and lists."""
