"""Rules as code: a small closed language for decisions with legal effect.

A *card* (YAML) states one programme as it is in force between two months: facts, dated tables, named
conditions with their article and their sentences, ranks and a first-match decision table. A card is read,
checked with line and column, and turned into a typed form that knows nothing of how it will be run. The
Python back end compiles it once a month; SQL and column back ends can be generated from the same form.

Only :mod:`yui.engines.rules.public` is imported from outside.
"""
