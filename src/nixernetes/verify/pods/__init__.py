"""What runs pods, what scales it, and what selects them."""
