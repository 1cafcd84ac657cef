"""How fast Kijigura is, beside a peer built in the same run, and how well it finds.

    python -m benchmarks            speed: a Markdown table on stdout (`make bench`)
    python -m benchmarks.quality    judged sets; only with KIJIGURA_CORPORA

    corpus      which articles            questions   seeded queries of seven classes
    building    reading, cutting, adding  asking      both engines, turn by turn
    peer        SQLite FTS5               tables      numbers -> Markdown
"""
