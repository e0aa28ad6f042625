"""Kinds of operators that keep data: what they are called, for all who ask what they make and what goes with them."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.identity import GroupKind

__all__ = ["DATABASES", "KAFKA", "KAFKA_USER", "OBJECT_BUCKET_CLAIM", "POSTGRES_CLUSTER", "RABBITMQ_CLUSTER"]

_CEPH: Final = "ceph.rook.io"
_CLOUD_NATIVE_PG: Final = "postgresql.cnpg.io"
_STRIMZI: Final = "kafka.strimzi.io"

KAFKA: Final = GroupKind(_STRIMZI, "Kafka")
KAFKA_USER: Final = GroupKind(_STRIMZI, "KafkaUser")
OBJECT_BUCKET_CLAIM: Final = GroupKind("objectbucket.io", "ObjectBucketClaim")
POSTGRES_CLUSTER: Final = GroupKind(_CLOUD_NATIVE_PG, "Cluster")
RABBITMQ_CLUSTER: Final = GroupKind("rabbitmq.com", "RabbitmqCluster")

DATABASES: Final = frozenset(
    (
        GroupKind("acid.zalan.do", "postgresql"),
        GroupKind(_CEPH, "CephBlockPool"),
        GroupKind(_CEPH, "CephCluster"),
        GroupKind(_CEPH, "CephFilesystem"),
        GroupKind("clickhouse.altinity.com", "ClickHouseInstallation"),
        GroupKind("elasticsearch.k8s.elastic.co", "Elasticsearch"),
        GroupKind("k8s.mariadb.com", "MariaDB"),
        KAFKA,
        GroupKind(_STRIMZI, "KafkaNodePool"),
        GroupKind(_STRIMZI, "KafkaTopic"),
        GroupKind("minio.min.io", "Tenant"),
        GroupKind("mongodbcommunity.mongodb.com", "MongoDBCommunity"),
        GroupKind("mysql.oracle.com", "InnoDBCluster"),
        OBJECT_BUCKET_CLAIM,
        POSTGRES_CLUSTER,
        GroupKind(_CLOUD_NATIVE_PG, "Database"),
        RABBITMQ_CLUSTER,
    )
)
"""Operators delete the data of these with them, unless the object says otherwise."""
