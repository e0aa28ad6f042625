"""Kubernetes data: manifests, identities, durations, labels, schemas, YAML text.

Promise: values in, values out. Ban: no I/O, no clock, no knowledge of Flux, Argo CD or of anything above.
A manifest is a plain ``dict``; nothing here changes a manifest that it was given.
"""
