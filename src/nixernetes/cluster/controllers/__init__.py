"""The controllers that keep a cluster in order beside its API server: what nobody owns goes, namespaces are filled.

Promise: what kube-controller-manager does of this, a moment after the change that calls for it. Ban: no I/O, no clock.
"""
