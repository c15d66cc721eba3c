"""Runs the user's syntax over values; knows no library by name."""
