"""What reading YAML stands on: plain scalars by dialect, and keys that stand twice."""
