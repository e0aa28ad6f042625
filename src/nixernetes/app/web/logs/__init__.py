"""Logs on the page: of the containers of pods, and what controllers wrote about one delivery; bounded, as texts."""
