"""Selectors of lists and watches: which labels, and which of the few fields that a kind lets clients select by.

Texts become values once, and values answer for objects. Refusals are an API server's own. No I/O.
"""
