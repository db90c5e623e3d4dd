"""The sample prefecture 結県: a fictional prefecture with plausible people.

Four municipalities from 600 to 60,000 residents, generated from one seed: households, ages,
names with their readings, streets, dates and numbers. Nobody in it exists. Its codes carry a
correct check digit in a prefecture number (99) that Japan does not use; its postal codes start
with 000, which Japan Post does not assign; its My Numbers all carry a wrong check digit.

`generator` is pure (no database, no framework); `load` puts the result into the registries.
"""
