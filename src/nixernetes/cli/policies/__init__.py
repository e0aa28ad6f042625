"""The face of `nixernetes policy`."""
