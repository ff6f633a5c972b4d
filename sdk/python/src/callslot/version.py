"""The version, which is that of the server this package was released with."""

__version__ = "0.1.0"
