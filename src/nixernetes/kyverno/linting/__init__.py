"""What is wrong with policies before any object meets them: what Kyverno refuses, and what hardly is as it was meant.

Only what can be said without a cluster; a policy without problems may still be refused there.
"""
