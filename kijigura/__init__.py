"""Kijigura (記事蔵): search Japanese news archives. This package is the command line; the rest is in
`search`, `indexer` and `web`, and this is the one place that knows all three.
"""
