"""The tools of other programs, by the Model Context Protocol: ``sourcebot mcp``."""
