"""Rubrics, scores, plans, tickets and changes as data: no file, network, clock or terminal."""
