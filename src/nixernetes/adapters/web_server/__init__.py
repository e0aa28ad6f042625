"""The web page over HTTP: files, an API, a stream of changes, and who may read and change what.

Promise: loopback alone, no request to another host, no change without a token that no other site has. Whoever owns what
is shown is asked.
"""
