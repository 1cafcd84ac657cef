"""What each page shows: results, ready to draw, with every link made and every word chosen; templates stay dumb."""
