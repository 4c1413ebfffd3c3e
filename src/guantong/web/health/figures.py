"""Figures of the installation for Prometheus: requests by the name of their address, queue, worker, database.

Kept in this process alone. ``guantong serve`` runs one web process with several threads, so one process knows all of
its requests; whoever runs several asks each of them.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from guantong.channels.choices import Outcome
from guantong.channels.models import Delivery
from guantong.web.health.heartbeat import last_round, steps_failed

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
REQUESTS = Counter("guantong_requests", "Requests answered", ["name", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "guantong_request_seconds", "Seconds until a request was answered", ["name"], registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)  # fmt: skip
JOBS = Gauge("guantong_jobs_waiting", "Background jobs that wait", registry=REGISTRY)
DELIVERIES = Gauge("guantong_deliveries_waiting", "Messages that wait to be sent", registry=REGISTRY)
WORKER_AGE = Gauge(
    "guantong_worker_round_age_seconds",
    "Seconds since the worker's last round; -1 for never",
    registry=REGISTRY,
)
WORKER_FAILED = Gauge(
    "guantong_worker_steps_failed", "Steps of the worker's last round that failed", registry=REGISTRY
)
DATABASE_BYTES = Gauge("guantong_database_bytes", "Size of the main database", registry=REGISTRY)

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


def count_request(*, name: str, method: str, status: int, seconds: float) -> None:
    known = method if method in METHODS else "OTHER"
    REQUESTS.labels(name=name, method=known, status=str(status)).inc()
    SECONDS.labels(name=name).observe(seconds)


def text_of_figures() -> bytes:
    """What Prometheus reads; queue, worker and database are looked up now."""
    JOBS.set(DBTaskResult.objects.filter(status="READY").count())
    DELIVERIES.set(Delivery.objects.filter(outcome=Outcome.WAITING).count())
    last = last_round()
    WORKER_AGE.set((timezone.now() - last).total_seconds() if last else -1)
    WORKER_FAILED.set(len(steps_failed()))
    DATABASE_BYTES.set(database_bytes())
    return generate_latest(REGISTRY)


def database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
