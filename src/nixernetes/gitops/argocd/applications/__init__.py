"""Applications: sources, destinations, policies of syncing, and the rules of each."""
