"""`python -m conv_lsp` and the console script."""

from conv_lsp.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
