"""Requests that change what is stored."""
