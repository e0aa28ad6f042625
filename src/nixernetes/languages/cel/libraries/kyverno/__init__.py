"""The libraries of Kyverno's policies (kyverno/sdk ``extensions/cel/libs``).

``questions`` asks the cluster and hands each question to ``Answers``; nothing else reaches beyond its arguments.
``x509``, ``gzip``, ``random`` and ``time.now`` are not here: an expression that uses them does not compile.
"""
