"""Connections to ports of pods: many streams in one connection, by SPDY/3.1 as the clients of Kubernetes speak it."""
