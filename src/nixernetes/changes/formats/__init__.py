"""A report of changes, as people and machines read it."""
