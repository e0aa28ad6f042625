"""Kubernetes API semantics as values: an API server, its controllers and its kubelets, in process.

Promise: what a real API server would store, refuse and report. Ban: no I/O, no threads; time comes from a ``Clock``.
"""
