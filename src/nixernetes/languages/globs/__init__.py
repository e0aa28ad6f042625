"""Globs, one module a dialect: patterns of names and paths, matched by one automaton that no pattern can make slow.

``gobwas`` is what Argo CD's projects read, ``go_paths`` is Go's ``path.Match``, ``paths`` what value files and
directories of Argo CD read, ``shell`` what substitutions read, ``gitignore`` what ``.sourceignore`` holds,
``git_files`` what the Git generator reads. A dialect says what each sign stands for; ``automaton`` puts patterns
together and matches them. Nothing here knows whose pattern it matches.
"""
