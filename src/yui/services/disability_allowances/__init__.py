"""特別児童扶養手当, 障害児福祉手当, 特別障害者手当: national allowances for disabled children and adults.

Source:
    特別児童扶養手当等の支給に関する法律 (昭和39年法律第134号).
"""
