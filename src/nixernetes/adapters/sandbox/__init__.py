"""Programs of hostile hands, run by libraries of C in a process of its own with bounded time and memory."""
