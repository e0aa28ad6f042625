"""Consequences that somebody should know of before a change is merged."""
