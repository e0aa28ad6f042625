"""Traps: what a platform may declare, what its controllers accept, and what does not do what it seems to.

Each module looks for one. A trap is never an error: the build goes on, and says it with the line that wrote it.
"""
