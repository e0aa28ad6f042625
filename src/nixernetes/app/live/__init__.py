"""What is asked of real clusters: how deliveries stand. Nothing here changes a cluster."""
