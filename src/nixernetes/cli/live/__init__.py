"""The commands that ask real clusters: how their answers are printed. They change nothing."""
