"""The forms that results are saved in, for other programs."""
