"""``nixernetes compliance``."""
