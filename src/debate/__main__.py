"""`python -m debate` is `debate`."""

from debate.cli import main

if __name__ == "__main__":
    main()
