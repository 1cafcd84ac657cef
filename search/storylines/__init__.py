"""Storylines that an archive has and that are no topics yet: found by words and names that rise together in time."""
