"""The environments of those who evaluate CEL: their choice of libraries and rules.

A host adds its variables with ``declaring``, and its libraries with ``adding``. Each function makes an environment with
a memory of programs of its own: keep it as long as you use it.
"""
