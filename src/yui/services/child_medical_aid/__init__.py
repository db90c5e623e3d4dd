"""子ども医療費助成: municipalities take over what is left to pay for the health care of children.

Source:
    Ordinances of municipalities; no national act.
"""
