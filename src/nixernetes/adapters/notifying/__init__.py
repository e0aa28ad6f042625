"""Notifications leave the machine here: by HTTP, by mail, and by NATS.

Promise: whoever is notified is hostile. One deadline for all that a notification takes, no redirect is followed, no
address of this link (where clouds keep the credentials of machines) is told anything, no more of an answer is read than
is asked for, and a host that does not answer is left alone for a minute.
"""
