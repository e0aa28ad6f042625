"""What can be said of images without their registry."""
