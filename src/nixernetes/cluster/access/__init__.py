"""Who asks, and what they may do: users, RBAC, reviews, tokens of service accounts."""
