"""The kinds of products, category by category."""
