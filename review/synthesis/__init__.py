"""What an edition knows, taken together: classes, ranges, bounds, and a gate to pooling."""
