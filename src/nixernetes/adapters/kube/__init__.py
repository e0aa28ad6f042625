"""A client of real clusters: kubeconfig files, credentials, discovery, and the ``Api`` that embedded clusters fulfil.

Promise: it finds a cluster as kubectl does, and changes nothing unless it was made to. Ban: no retry of a write, no
secret in a message.
"""
