"""Days as Japanese law counts them: holidays, deadlines, fiscal and school years, ages, months and eras.

Pure functions over ``datetime.date``; nothing here reads a clock, a database or a setting.
``public`` is the only door.
"""
