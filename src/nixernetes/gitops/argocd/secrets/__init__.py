"""Clusters, repositories and their credentials, as Argo CD keeps them: in Secrets."""
