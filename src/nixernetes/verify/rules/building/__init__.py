"""Rules about how manifests are made: overlays, variables, charts."""
