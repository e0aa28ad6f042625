"""Taking Applications down: hooks, resources, finalizers."""
