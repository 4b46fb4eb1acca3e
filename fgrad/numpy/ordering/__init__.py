"""What depends on the order of elements: sorting, searching, sets, quantiles, histograms."""
