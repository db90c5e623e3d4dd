"""Trying a service before it starts: a day of demand, replayed through the dispatch engine under several policies.

Pure computation: demand, policies and ways go in, figures come out, the same for the same seed byte for byte. The
rows and pages around it are ``trials.py`` and ``views/simulation.py`` of transit.
"""
