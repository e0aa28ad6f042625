"""What the web page shows, as values: the same of a running world and of a repository in which nothing runs.

Promise: these values only read, and hold no value of a Secret. The page has nothing that they do not say.
"""
