"""Apps: what runs, how it is delivered, and what differs in each environment. Declarations only; no I/O."""
