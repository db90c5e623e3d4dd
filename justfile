# Recipes behind ./yui for people who work on Yui. `./yui test` is everything that CI checks.
set positional-arguments

# Everything CI checks: style, floors, types, tests, journeys in a browser, the manual
test *args: lint types
    python tests/journeys/browser.py
    pytest -n 2 --dist loadfile -m "not journey" {{args}}
    pytest -m journey {{args}}
    just --justfile {{justfile()}} bench-smoke
    just --justfile {{justfile()}} docs

# Style and floors
lint:
    ruff check .
    ruff format --check .
    lint-imports

# Types; the Django plugin reads the settings, which name a database
types:
    yui db start
    mypy

# The quick checks while writing: no browser
check *args: lint
    yui db start
    pytest -m "not journey" {{args}}

# A benchmark: ./yui bench NAME [--data DIR] [--quick]
bench name *args:
    python bench/{{ replace(name, "import", "imports") }}.py {{args}}

# Every benchmark once, small, to see that it runs
bench-smoke:
    python bench/imports.py --quick
    python bench/nation.py --quick
    python bench/postgres.py --quick
    python bench/dispatch.py --quick
    python bench/live.py --quick
    python bench/placement.py --quick
    python bench/rostering.py --quick
    python bench/projection.py --quick
    python bench/costing.py --quick

# The manual
docs:
    sphinx-build -q -W -b html docs docs/_build/html
