"""What changes resources in a build: values in known places, patches, replacements, names and variables."""
