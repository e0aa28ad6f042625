"""Test suites of policies (kind ``Test`` of ``cli.kyverno.io``): what they expect, and whether it is so.

Data in, data out: whoever calls reads the files and evaluates the policies.
"""
