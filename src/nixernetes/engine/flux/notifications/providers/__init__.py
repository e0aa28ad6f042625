"""What each type of Provider is sent, as notification-controller 1.9.3 (``internal/notifier``) sends it.

Promise: an event and a Provider become a conversation of requests, or a reason why they cannot. Where Go walks a map in
no order, the order here is that of the keys.
"""
