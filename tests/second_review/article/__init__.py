"""Bracing after an ankle sprain: an invented review, as small as the engine allows."""
