"""The commands: each module holds a few, imports light, and loads what is heavy when one runs."""
