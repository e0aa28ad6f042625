"""The face of `nixernetes cluster`."""
