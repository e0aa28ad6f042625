"""Rules about what comes before what, and what is never ready."""
