"""The kinds of Flux's image automation."""
