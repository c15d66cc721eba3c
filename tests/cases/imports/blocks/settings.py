WIDTHS = dict(small=8, large=64)
