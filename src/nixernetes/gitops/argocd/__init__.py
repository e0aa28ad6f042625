"""The Argo CD half of the vocabulary, and the logic of its documents: permissions, globs, sync windows.

Promise: values in, values out; what a real Argo CD would answer. Ban: no I/O, no clock, nothing of the engine.
"""
