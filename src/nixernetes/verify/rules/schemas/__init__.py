"""Rules about what an API server takes."""
