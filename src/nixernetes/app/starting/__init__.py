"""The first minutes: a platform to start from, and a repository that is adopted."""
