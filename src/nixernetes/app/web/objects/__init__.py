"""What the page says of one object beyond its fields: who decided its health, and where a Git host shows its file."""
