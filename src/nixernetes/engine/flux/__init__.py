"""The reconcilers of Flux v2."""
