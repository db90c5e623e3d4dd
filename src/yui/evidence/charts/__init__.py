"""Charts as values: the forms, drawn as SVG on the server, written as a table and as Vega-Lite.

A chart is a frozen value of one of the :mod:`forms`; :func:`draw` makes an SVG that needs no script, no font and no
style sheet, :func:`table_of` the same figures as rows, :func:`vega_lite` a specification for analysts. Colour is never
alone: series are told apart by dash, marker or pattern, and by labels that stand beside them.
"""
