"""Public assistance: the minimum living cost of a household and what its income lacks.

Source:
    生活保護法 (昭和25年法律第144号); 保護の基準 (昭和38年厚生省告示第158号).
"""
