"""sourcebot answers questions only with verbatim quotes from a folder of articles."""

__version__ = "0.1.0"
