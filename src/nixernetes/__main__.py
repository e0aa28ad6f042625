"""``python -m nixernetes``: the same as the command ``nixernetes``, of the Python that runs it."""

from nixernetes.cli.main import main

if __name__ == "__main__":
    main()
