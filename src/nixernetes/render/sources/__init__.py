"""Where files and charts come from, as ports and values: Git repositories, registries, chart repositories."""
