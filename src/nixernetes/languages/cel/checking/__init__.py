"""Whether an expression is one before it runs: types, literals, loops."""
