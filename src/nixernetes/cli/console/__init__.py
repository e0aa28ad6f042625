"""The console of ``up``: a live table with failures first, the keys that sort and filter it, and the report at the end.

Promise: a function of a report, a choice and the size of the terminal; nothing is cut off that fits nowhere else: names
fold, messages wrap below their row. Ban: no reading of keys and no drawing here but in ``screen``.
"""
