"""National pension: the monthly contribution and its exemptions.

Source:
    国民年金法 (昭和34年法律第141号).
"""
