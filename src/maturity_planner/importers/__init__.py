"""Models that others have written, as documents of ours, with every fault found on the way."""
