"""Verdicts on objects: kstatus as Flux reads it, and the health checks of Argo CD, as functions of a manifest.

Nothing here knows a cluster, an engine or a clock: who asks hands in the object, and the moment where a rule needs one.
The cluster's workloads do not know what is said about them, and this package does not know the cluster.
"""
