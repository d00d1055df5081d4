//! Metrics of the process in the text format of `OpenMetrics`, which Prometheus reads.
//!
//! Counters are incremented where something happens. Gauges are set when the metrics are read
//! ([`crate::services::Services::observe`]). No label has a value that a stranger can choose.

use std::{borrow::Cow, fmt, sync::Arc, sync::atomic::Ordering, time::Duration};

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// The media type of the text format (`OpenMetrics` 1.0, section "Content Type").
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the buckets of response times, in seconds.
const RESPONSE_TIMES: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

type Labels<const N: usize> = [(&'static str, Cow<'static, str>); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Gauges<const N: usize> = Family<Labels<N>, Gauge>;
type Times = Family<Labels<1>, Histogram, fn() -> Histogram>;

/// The metrics of the process. Clones share their values.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Counters<3>,
    response_times: Times,
    webhooks: Counters<2>,
    refused_sign_ins: Counters<1>,
    open_connections: Gauge,
    ended_connections: Counters<1>,
    jobs: Counters<2>,
    queue_length: Gauges<1>,
    queue_lag: Gauges<1>,
    deliveries: Gauges<1>,
    streams: Gauge,
    database_connections: Gauges<2>,
}

/// The result of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum WebhookResult {
    /// Its events are stored.
    Accepted,
    /// It is not proved to come from the provider, or is malformed.
    Refused,
    /// It could not be stored, and the provider sends it again.
    Failed,
}

/// The reason why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SignInRefusal {
    /// The address or the password is wrong.
    Denied,
    /// The peer has failed too often.
    Blocked,
    /// Too many passwords are being verified.
    Busy,
}

/// The state of the services at one time, for the gauges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// The number of deliveries in the outbox by state.
    pub deliveries: Vec<(&'static str, i64)>,
    /// The number of waiting jobs by queue.
    pub queue_length: Vec<(&'static str, i64)>,
    /// How long the oldest due job of a queue has been waiting.
    pub queue_lag: Vec<(&'static str, Duration)>,
    /// The number of jobs since the start by queue and result.
    pub jobs: Vec<(&'static str, &'static str, u64)>,
    /// The number of open live streams.
    pub streams: usize,
    /// The number of connections to the database by pool and state.
    pub database_connections: Vec<(&'static str, &'static str, u32)>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("aloqa");
        let inner = Inner {
            requests: register(
                &mut registry,
                "http_requests",
                "Answered requests by method, route and status",
            ),
            response_times: Times::new_with_constructor(|| Histogram::new(RESPONSE_TIMES)),
            webhooks: register(&mut registry, "webhooks", "Webhooks by provider and result"),
            refused_sign_ins: register(&mut registry, "refused_sign_ins", "Refused sign-ins by reason"),
            open_connections: register(&mut registry, "open_connections", "Open HTTP connections"),
            ended_connections: register(
                &mut registry,
                "ended_connections",
                "Connections that the server ended or refused, by reason",
            ),
            jobs: register(&mut registry, "jobs", "Jobs of background work by queue and result"),
            queue_length: register(&mut registry, "queue_length", "Waiting jobs by queue"),
            queue_lag: Gauges::default(),
            deliveries: register(&mut registry, "deliveries", "Messages in the outbox by state"),
            streams: register(&mut registry, "live_streams", "Open live streams"),
            database_connections: register(
                &mut registry,
                "database_connections",
                "Connections to the database by pool and state",
            ),
            registry: Registry::default(),
        };
        let help = "Time to the beginning of an answer by route";
        registry.register_with_unit("http_response_time", help, Unit::Seconds, inner.response_times.clone());
        let help = "Time for which the oldest due job of a queue has been waiting";
        registry.register_with_unit("queue_lag", help, Unit::Seconds, inner.queue_lag.clone());
        Self(Arc::new(Inner { registry, ..inner }))
    }
}

fn register<M>(registry: &mut Registry, name: &str, help: &str) -> M
where
    M: prometheus_client::registry::Metric + Default + Clone,
{
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// Counts an answered request. `route` is the pattern of the route; `None` if there is none.
    pub fn request(&self, method: &str, route: Option<&str>, status: u16, took: Duration) {
        let method = match method {
            "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH" => method.to_owned(),
            _ => "other".to_owned(),
        };
        let route = Cow::from(route.unwrap_or("none").to_owned());
        let labels =
            [("method", method.into()), ("route", route.clone()), ("status", status.to_string().into())];
        self.0.requests.get_or_create(&labels).inc();
        self.0.response_times.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
    }

    /// Counts a webhook.
    pub fn webhook(&self, provider: &str, result: WebhookResult) {
        let labels = [("provider", provider.to_owned().into()), ("result", <&str>::from(result).into())];
        self.0.webhooks.get_or_create(&labels).inc();
    }

    /// Counts a refused sign-in.
    pub fn refused_sign_in(&self, reason: SignInRefusal) {
        self.0.refused_sign_ins.get_or_create(&[("reason", <&str>::from(reason).into())]).inc();
    }

    /// Counts an opened connection.
    pub fn connection_opened(&self) {
        self.0.open_connections.inc();
    }

    /// Counts a closed connection.
    pub fn connection_closed(&self) {
        self.0.open_connections.dec();
    }

    /// Counts a connection that the server has ended or refused.
    pub fn connection_ended(&self, reason: &'static str) {
        self.0.ended_connections.get_or_create(&[("reason", reason.into())]).inc();
    }

    /// Writes the metrics with this observation.
    ///
    /// # Errors
    /// An error of the encoder, which does not occur for texts.
    pub fn encode(&self, observed: &Observation) -> Result<String, fmt::Error> {
        let inner = &self.0;
        for (state, count) in &observed.deliveries {
            inner.deliveries.get_or_create(&[("state", (*state).into())]).set(*count);
        }
        for (queue, length) in &observed.queue_length {
            inner.queue_length.get_or_create(&[("queue", (*queue).into())]).set(*length);
        }
        for (queue, lag) in &observed.queue_lag {
            let seconds = i64::try_from(lag.as_secs()).unwrap_or(i64::MAX);
            inner.queue_lag.get_or_create(&[("queue", (*queue).into())]).set(seconds);
        }
        for (queue, result, count) in &observed.jobs {
            let jobs = inner.jobs.get_or_create(&[("queue", (*queue).into()), ("result", (*result).into())]);
            jobs.inner().store(*count, Ordering::Relaxed);
        }
        for (pool, state, count) in &observed.database_connections {
            let labels = [("pool", (*pool).into()), ("state", (*state).into())];
            inner.database_connections.get_or_create(&labels).set(i64::from(*count));
        }
        inner.streams.set(i64::try_from(observed.streams).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &inner.registry)?;
        Ok(text)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All metrics, with a value each.
    fn sample() -> String {
        let metrics = Metrics::default();
        metrics.request("GET", Some("/crm/chats/{id}"), 200, Duration::from_millis(3));
        metrics.request("GET", Some("/crm/chats/{id}"), 200, Duration::from_millis(30));
        metrics.request("BREW", None, 404, Duration::ZERO);
        metrics.webhook("pigeon", WebhookResult::Refused);
        metrics.refused_sign_in(SignInRefusal::Denied);
        metrics.connection_opened();
        metrics.connection_ended("slow_head");
        let observed = Observation {
            deliveries: vec![("due", 7)],
            queue_length: vec![("search", 3)],
            queue_lag: vec![("delivery", Duration::from_secs(90))],
            jobs: vec![("delivery", "succeeded", 5)],
            streams: 2,
            database_connections: vec![("read", "idle", 4)],
        };
        metrics.encode(&observed).unwrap()
    }

    #[test]
    fn metrics_are_written_in_the_text_format() {
        let text = sample();
        for line in [
            "aloqa_http_requests_total{method=\"GET\",route=\"/crm/chats/{id}\",status=\"200\"} 2",
            "aloqa_http_requests_total{method=\"other\",route=\"none\",status=\"404\"} 1",
            "aloqa_http_response_time_seconds_bucket{le=\"0.005\",route=\"/crm/chats/{id}\"} 1",
            "aloqa_http_response_time_seconds_count{route=\"/crm/chats/{id}\"} 2",
            "aloqa_webhooks_total{provider=\"pigeon\",result=\"refused\"} 1",
            "aloqa_refused_sign_ins_total{reason=\"denied\"} 1",
            "aloqa_open_connections 1",
            "aloqa_ended_connections_total{reason=\"slow_head\"} 1",
            "aloqa_deliveries{state=\"due\"} 7",
            "aloqa_queue_lag_seconds{queue=\"delivery\"} 90",
            "aloqa_jobs_total{queue=\"delivery\",result=\"succeeded\"} 5",
            "aloqa_live_streams 2",
        ] {
            assert!(text.lines().any(|of| of == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn the_examples_for_operators_name_existing_metrics() {
        let text = sample();
        let described: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
        assert!(described.len() > 10, "{described:?}");
        let examples = [
            include_str!("../deploy/prometheus/alerts.yml"),
            include_str!("../deploy/grafana/dashboard.json"),
        ];
        for example in examples {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let words = example.split(|c| !is_part(c)).filter(|word| word.starts_with("aloqa_"));
            for word in words {
                let name = ["_total", "_bucket", "_sum", "_count"]
                    .into_iter()
                    .find_map(|suffix| word.strip_suffix(suffix))
                    .unwrap_or(word);
                assert!(described.contains(&name), "{word} is not among {described:?}");
            }
        }
    }
}
