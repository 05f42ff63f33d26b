"""The page in a browser, and the API for programs: ``sourcebot serve``."""
