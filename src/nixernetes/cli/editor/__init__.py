"""A check that goes on while one edits: for a terminal, and for editors."""
