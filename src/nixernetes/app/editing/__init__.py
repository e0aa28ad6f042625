"""Use cases about the platform file itself: editing it, and what commits did to it."""
