"""Rendering for people who ask: folders as Kustomize builds them, deliveries as their clusters get them."""
