"""How fast the server answers: `python -m tests.bench`. See `__main__.py`."""
