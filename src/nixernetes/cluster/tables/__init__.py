"""What a server answers to ``as=Table``: columns of each kind, and the cells of an object in them.

Built-in kinds follow ``pkg/printers/internalversion/printers.go`` of Kubernetes v1.34.4, custom ones the
``additionalPrinterColumns`` of their definitions. Ages are counted to a moment that is handed in. No I/O.
"""
