"""The rules, one module each; ``RULES`` lists them in the order in which they are run."""
