"""What a change of a repository does to its clusters: what is created, changed, deleted, left behind, moved."""
