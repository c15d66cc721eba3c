WIDTHS = dict(small=8, large=64)

MARGIN = 2
EDGE = MARGIN + 1
