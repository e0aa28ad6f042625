"""What is known of a cluster, and what policies ask of it."""
