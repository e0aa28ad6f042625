"""Rules about what somebody may do."""
