"""Run the command line with `python -m decomposer`."""

from decomposer.cli import main

if __name__ == "__main__":
    main()
