"""Deleting objects: with all that follows, at once; or as an API server alone does it, the rest being controllers'."""
