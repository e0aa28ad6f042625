"""Rules about the policies that a cluster has."""
