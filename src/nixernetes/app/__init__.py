"""One module per use case (build, up, demo): plain functions that wire the layers together."""
