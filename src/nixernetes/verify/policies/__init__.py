"""Policies of Kyverno over everything that a cluster is given."""
