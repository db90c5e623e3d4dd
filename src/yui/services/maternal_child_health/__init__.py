"""母子保健: support in pregnancy.

Source:
    子ども・子育て支援法 (平成24年法律第65号), 妊婦のための支援給付.
"""
