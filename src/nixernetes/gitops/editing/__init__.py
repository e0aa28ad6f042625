"""Edits of platform files: Python that people wrote is changed only where it must be. Pure: text to text."""
