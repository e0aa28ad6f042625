"""Pages about the whole: projects, clusters, sources and policies, with who uses each and who is affected.

Promise: each page is a function from a :class:`Reading` to a value, alike for a run, a repository and real clusters.
Ban: no reads but through the reading; values of Secrets are never read out, only that they are there.
"""
