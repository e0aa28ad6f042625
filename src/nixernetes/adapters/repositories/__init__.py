"""Git repositories: on this machine, fetched, and the one that is rendered."""
