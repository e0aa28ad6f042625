"""Globs, one module a dialect: patterns of names and paths, matched by automata that no pattern can make slow.

``gobwas`` is what Argo CD's projects read (with Go's ``path.Match``), ``paths`` what its value files and directories
read, ``shell`` what a shell and ``.sourceignore`` read, ``git_files`` what the Git generator reads. Nothing here knows
whose pattern it matches.
"""
