"""`python -m maturity_planner`."""

from .cli.main import main

if __name__ == "__main__":
    main()
