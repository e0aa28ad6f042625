"""Labels: what their keys and values may be, and selectors as clients write them in one line."""
