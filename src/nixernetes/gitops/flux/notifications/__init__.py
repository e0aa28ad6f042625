"""The kinds of Flux's notification-controller."""
