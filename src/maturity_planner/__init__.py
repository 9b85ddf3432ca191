"""From a maturity assessment to the cheapest plan, its tickets, and back to the score."""

__version__ = "0.1.0.dev0"
