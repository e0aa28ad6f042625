"""What a delivery does to a cluster: server-side apply in stages, garbage collection, waiting for health.

Promise: kustomize-controller's own order, words and rules (Flux, sections 6 to 8); waiting is a generator that pauses.
Ban: nothing here knows which kind of delivery it serves.
"""
