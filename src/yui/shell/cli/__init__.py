"""The command line: ``yui GROUP VERB``. Each app may bring a ``cli.py``; the shell puts them together."""
