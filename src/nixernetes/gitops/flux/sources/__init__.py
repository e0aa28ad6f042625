"""Where Flux fetches from: the kinds of source-controller."""
