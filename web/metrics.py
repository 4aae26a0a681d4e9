"""Numbers for Prometheus. One registry per application, so that two can live in one process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dondoc_requests", "Answers given.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "dondoc_request_seconds", "Time to answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.waiting = Gauge("dondoc_messages_waiting", "Messages not sent yet.", registry=self.registry)
        self.mail_stopped = Gauge(
            "dondoc_mail_stopped_seconds",
            "Since the mail channel stopped; 0 while it runs.",
            registry=self.registry,
        )
        self.sweep_age = Gauge(
            "dondoc_sweep_age_seconds", "Since the last completed sweep.", registry=self.registry
        )
        self.beat_age = Gauge(
            "dondoc_heartbeat_age_seconds", "Since the last sign of life.", ("part",), registry=self.registry
        )

    def seen(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
