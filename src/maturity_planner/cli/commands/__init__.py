"""One module a command; `main.py` loads the one that is asked for."""
