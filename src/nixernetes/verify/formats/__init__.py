"""A report as text: for terminals and editors, for machines, and for the pages of code hosts."""
