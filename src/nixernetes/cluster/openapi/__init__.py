"""OpenAPI: what the kinds of a cluster look like, as clients read it."""
