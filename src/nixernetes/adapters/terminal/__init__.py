"""The terminal itself: keys that come from it, and what may be written to it meanwhile."""
