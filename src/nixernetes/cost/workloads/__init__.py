"""Which objects run pods, how many of them, and for how long."""
