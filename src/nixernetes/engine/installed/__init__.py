"""The controllers of Flux and Argo CD as objects of a cluster: Deployments whose pods are there to be looked at.

What they would run runs in this process. Where a repository brings the same objects, it takes them over.
"""
