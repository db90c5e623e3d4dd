"""児童扶養手当: the allowance for children of single parents, in full or in part by income.

Source:
    児童扶養手当法 (昭和36年法律第238号).
"""
