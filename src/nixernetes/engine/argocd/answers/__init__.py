"""What the programs of Argo CD know of Applications: its cache of their states, and its repository server's answers."""
