"""Starts the server that is packed with the extension, on the libraries packed with it.

Run with `-I`: neither the working directory nor the environment's variables choose what is imported.
"""

import os
import sys

if sys.version_info < (3, 10):
    sys.exit("conv-lsp needs Python 3.10 or later; this is " + sys.version.split()[0])

sys.dont_write_bytecode = True  # the extension's folder may belong to somebody else
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))

from conv_lsp.__main__ import main  # noqa: E402  # it is in libs

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
