"""Embedded clusters served to others."""
