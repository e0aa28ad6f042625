"""What is remembered of writes, so that the same again costs nothing; it never changes an answer."""
