"""``nixernetes cost`` on the command line."""
