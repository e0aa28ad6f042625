"""What is done with policies: they are applied to objects in files."""
