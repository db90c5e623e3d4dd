"""児童手当: the child allowance, from a birth in the resident registry to the payment.

Source:
    児童手当法 (昭和46年法律第73号).
"""
