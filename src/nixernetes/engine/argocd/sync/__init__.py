"""Syncs: operations, their passes and tasks in order, hooks, retries, and when one starts by itself."""
