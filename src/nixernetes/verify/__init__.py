"""Rules over a rendered platform give findings; nothing here renders, reads a disk or talks to a cluster.

A finding says what is wrong, where a person has to edit, and what to do. What cannot be known here is never a finding:
it is counted as not verified.
"""
