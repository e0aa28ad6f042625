"""From a tree to a function, and what its steps do."""
