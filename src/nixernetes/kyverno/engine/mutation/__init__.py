"""Mutation: rules of ClusterPolicy and Policy, MutatingPolicy and MutatingAdmissionPolicy. Objects in, objects out.

Nothing that is handed in is changed.
"""
