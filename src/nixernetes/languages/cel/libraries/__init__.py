"""Libraries of functions: CEL's own, the extensions of cel-go, and those of Kubernetes. Each is a value.

Import each from its own module: who needs few should not wait for all.
"""
