"""What is made from the code or from torch, and checked to be what it was made from.

`python -m tests.generate` writes all of it again.
"""
