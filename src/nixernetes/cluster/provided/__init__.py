"""What a server and its first controllers add to objects: defaults, labels, protection, contents of namespaces.

Pure functions of the object: the same object gets the same, whenever it is asked.
"""
