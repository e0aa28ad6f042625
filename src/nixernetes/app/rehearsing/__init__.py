"""A change, rehearsed: it is rolled out in a copy of the world before it is merged, on a virtual clock, and told."""
