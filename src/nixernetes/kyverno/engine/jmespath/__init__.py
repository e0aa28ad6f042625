"""Functions of Kyverno's JMESPath that need more than a line each: times, versions, certificates, random texts.

They take and give JSON data. No clock is read: the present is handed in.
"""
