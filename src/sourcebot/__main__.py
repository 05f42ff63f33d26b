"""``python -m sourcebot``."""

from sourcebot.frontends.cli.main import main

if __name__ == "__main__":
    main()
