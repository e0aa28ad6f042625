"""The languages that people write inside YAML: read, checked and evaluated as values.

Each language is a package or module of its own that knows nothing of Flux, Argo CD or clusters: text and data go in,
data or a clear error comes out. What is evaluated comes from hostile repositories, so work and memory are bounded. No
I/O, no randomness, and no clock but the one that ends a Lua script.
"""
