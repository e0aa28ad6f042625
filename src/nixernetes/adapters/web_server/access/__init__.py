"""Who somebody is, and what that person may change: roles out of a file, tokens, OpenID Connect, limits of rate."""
