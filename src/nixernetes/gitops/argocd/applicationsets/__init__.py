"""ApplicationSets and their generators."""
