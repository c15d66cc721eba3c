from .conv import ConvBlock

__all__ = ["ConvBlock"]
