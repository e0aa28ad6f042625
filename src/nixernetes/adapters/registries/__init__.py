"""Registries and Helm repositories over HTTP: who asks, what is cached, what cannot be reached."""
