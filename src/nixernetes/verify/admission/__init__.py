"""Admission policies of the repository, evaluated as the API server evaluates them."""
