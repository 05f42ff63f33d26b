"""``python -m sourcebot``."""

from sourcebot.cli import main

if __name__ == "__main__":
    main()
