"""The command ``sourcebot``, and ``python -m sourcebot``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; Ctrl-C stops it also while it is still being loaded."""
    try:
        from sourcebot.frontends.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
