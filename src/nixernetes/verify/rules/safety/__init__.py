"""Rules about what loses data, secrets or availability."""
