"""The reconcilers of Argo CD."""
