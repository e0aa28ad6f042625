"""Rules about who owns what: one delivery, and nobody else."""
