"""The same archive on an OpenSearch cluster: the only package that imports `opensearchpy` (`kijigura[opensearch]`).

    connection          where the cluster is, who asks, and what is said when it does not answer
    schema, documents   fields of its indices; an article as a document of one
    writer, sending     batches, and how they get there
    state               what is kept about an index as a whole
    engine, snapshot    the index at one moment, and how it is asked
    dsl, answering, facets, similar     a query in OpenSearch's own language, and what comes of it
    indexed, places, reading, scoring   one article, asked a query
    checks              what is wrong with an index

    cluster_archive, catalogue, articles, feed, shared_topics       articles on a cluster, names on each machine
"""
