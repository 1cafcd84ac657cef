"""How fast Kijigura is, beside peers over the same articles, and how well it finds.

    python -m benchmarks [PART]     Markdown tables on stdout (`make bench`)
    python -m benchmarks.quality    judged sets; only with KIJIGURA_CORPORA, and so is what others find there:
    python -m benchmarks.quality_peers
    python -m benchmarks.names      names in articles that were annotated by hand (tests/gold), with `gold`
    python -m benchmarks.names_peer     and those that GiNZA finds, in an environment of its own
    python -m benchmarks.names_speed    how long names take beside cutting text into words
    python -m benchmarks.ingest         the whole pipeline beside cutting text alone, and where the time goes
    python -m benchmarks.encodings      snippets of real text in ten encodings, read with nothing declared
    python -m benchmarks.reading_room   every kind of page over an archive that is there: how long, how heavy
    python -m benchmarks.suggestions    names while they are typed, among 100,000
    python -m benchmarks.related        related articles: how good on judged topics, how fast on an archive
    python -m benchmarks.storylines     proposed topics beside those that people judged
    python -m benchmarks.copies         copies made of real articles, and what only looks like one

    corpus      which real articles           asking      engines turn by turn
    pieces      them, cut into words once     speed       part `speed`: classes of questions, growth
    recipe      pieces -> any number          building    part `build`
    questions   seeded, of eight classes      making      one index, in a process of its own
    ours        our engine as a peer          memory, resident     part `memory`
    peers/      the other engines             commits, pages, adding, exact   the parts of these names
    setup       what every part starts from   tables      numbers -> Markdown
"""
