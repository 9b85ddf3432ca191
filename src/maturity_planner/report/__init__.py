"""What people forward: one model of a report (`content.py`), told in several formats."""
