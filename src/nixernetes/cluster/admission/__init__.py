"""What is asked about an object before the cluster stores it."""
