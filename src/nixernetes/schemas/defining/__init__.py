"""CustomResourceDefinitions themselves: what is wrong with their names, versions, schemas and rules."""
