"""``nixernetes.yaml``, the settings of a repository: one strict model, decoded once, with the line of each error.

Data in, values out: no disk, no clock. Every command that renders, checks or runs a repository reads the same file.
"""
