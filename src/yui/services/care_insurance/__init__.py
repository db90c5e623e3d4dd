"""Care insurance: the premium of people of 65 and over.

Source:
    介護保険法 (平成9年法律第123号); 介護保険法施行令 article 38.
"""
