"""Sizes, receptive fields and shape errors of PyTorch models, from their source alone."""
