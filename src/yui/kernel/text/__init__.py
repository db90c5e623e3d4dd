"""Characters: names kept as received, search keys, foreign encodings, lenient numbers, bank kana.

Pure functions over ``str`` and ``bytes``. ``public`` is the only door.
"""
