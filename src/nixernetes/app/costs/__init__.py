"""What a repository or platform costs, and what a change of it adds."""
