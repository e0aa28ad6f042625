"""Which node a pod runs on, where nodes are declared with what they have: the scheduler, and its words."""
