"""Kubernetes' own admission policies, as far as they share their parts: bindings and parameters. Values only."""
