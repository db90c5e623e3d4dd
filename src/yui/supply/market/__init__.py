"""What a board's next plan depends on, and how it becomes the one in force.

A plan keeps, by shift, its stops in order as ``[offer, step, seconds]``, with a fourth, 1, once it was reported; the
seconds are when it begins: reported or planned. Steps below zero take somebody over from a shift that can serve no
longer. A break has no offer; its step is its number in the shift.

No route depends on another: whatever is asked, accepted, cancelled or reported touches few, and only these are worked
out, checked and kept.
"""
