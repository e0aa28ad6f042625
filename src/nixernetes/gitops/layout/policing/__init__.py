"""Policies of a platform: an app that comes before the others, and how Flux waits for it."""
