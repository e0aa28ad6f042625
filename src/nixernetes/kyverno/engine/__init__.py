"""Kyverno's policies, evaluated on objects as Kyverno evaluates them.

A policy is compiled once and asked about any number of objects. Everything is a value: no disk, no network, no clock.
What is not supported is said by name, in an error row, and never passed over.
"""
