"""What a platform promises, and reports of whether it keeps it."""
