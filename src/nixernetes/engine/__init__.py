"""Reconcilers of Flux and Argo CD, and the runtime that drives them.

Promise: level-based; a reconciler is a function of (key, what it reads) and returns one of a closed union. Ban: no I/O;
repositories, charts, clusters and receivers are ports; time is the injected clock.
"""
