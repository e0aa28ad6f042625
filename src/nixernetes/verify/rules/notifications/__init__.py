"""Rules about who is told of what."""
