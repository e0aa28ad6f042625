"""The commands that ask a running ``up``: what is there, where it comes from, what happened, and changes by hand.

Promise: one request, one answer printed; who waits asks again until the answer is there. Ban: nothing is decided here.
"""
