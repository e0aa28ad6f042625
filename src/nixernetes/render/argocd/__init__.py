"""What Argo CD does with an Application: its sources, the tools that render them, and ApplicationSets."""
