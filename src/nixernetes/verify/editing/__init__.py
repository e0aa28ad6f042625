"""What an editor asks about a place in a file: what is named there, where that is, and what is to be said of it."""
