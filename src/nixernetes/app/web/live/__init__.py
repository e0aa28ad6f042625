"""The page of clusters that others run: what their API servers say, read-only."""
