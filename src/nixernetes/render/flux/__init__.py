"""What Flux does with a delivery: its sources, charts, builds and substitutions give manifests."""
