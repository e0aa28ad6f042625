"""The requests of the Kubernetes API as values, and their answers: what an API server does between socket and store."""
