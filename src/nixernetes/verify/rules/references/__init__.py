"""Rules about what names something else: it exists."""
