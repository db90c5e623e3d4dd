"""Pure computation: rules, travel times, dispatch, placement; rostering, projection and costing.

An engine stands on nothing of ours: no Django, no database, no clock, no network. What it needs to know is
handed to it, what it finds is returned, and the same input gives the same answer on every machine.
"""
