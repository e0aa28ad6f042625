"""From a platform to the files of its repository.

``compiler`` makes the tree; ``sites`` and ``plan`` decide what goes where (``model``); ``flux`` and ``argocd`` write
what delivers it; ``apps``, ``documents`` and ``overlays`` write what is delivered; ``checks`` and ``permissions``
refuse what cannot work; ``changes`` compares with an earlier build. Values only: files are read through a function.
"""
