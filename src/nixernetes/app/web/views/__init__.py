"""Views of the page beyond lists and trees: in which order things happen, and who reaches whom.

Promise: each view is a function from a :class:`Reading` to a value, so that a run, a repository and real clusters are
shown alike. Ban: no reads but through the reading; what it does not know is said, never guessed.
"""
