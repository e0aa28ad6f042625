"""How one command finds the ``nixernetes up`` that runs for a folder, and asks it."""
