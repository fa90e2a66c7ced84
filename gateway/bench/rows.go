package main

// rows is what is measured, with what is asked for.
func rows() []*row {
	return []*row{
		{ID: "T1", Work: "webhooks acknowledged, fsync every second", Unit: "/s", Against: "echo, signature, one XADD a request", Bar: bar{Enough: .30, Excellent: .45}},
		{ID: "T1a", Work: "webhooks acknowledged, fsync always", Unit: "/s", Against: "the same", Bar: bar{Enough: .25, Excellent: .45}},
		{ID: "T2", Work: "acknowledgement p99 at 1000/s", Unit: "ms", Against: "REF", Bar: bar{Enough: 3, Excellent: 2, Smaller: true}},
		{ID: "T3", Work: "replies handled, webhook to offer", Unit: "/s", Against: "REF with send", Bar: bar{Enough: .45, Excellent: .65}},
		{ID: "T4", Work: "reply to offer p50 at 1000/s", Unit: "ms", Against: "REF with send", Bar: bar{Enough: 3, Excellent: 2, Smaller: true}},
		{ID: "T4b", Work: "reply to offer p99 at 1000/s", Unit: "ms", Against: "REF with send", Bar: bar{Enough: 4, Excellent: 2.5, Smaller: true}},
		{ID: "T5", Work: "Redis's CPU a reply", Unit: "us", Against: "REF with send", Bar: bar{Enough: 2, Excellent: 1.4, Smaller: true}},
		{ID: "T5b", Work: "Go's CPU a reply", Unit: "us", Against: "REF with send", Bar: bar{Enough: 2.5, Excellent: 1.8, Smaller: true}},
		{ID: "T6", Work: "backlog caught up", Unit: "/s", Against: "REF's engine", Bar: bar{Enough: .30, Excellent: .45}},
		{ID: "T7", Work: "fan-out, contacts judged and committed", Unit: "/s", Against: "slices of 100", Bar: bar{Enough: .40, Excellent: .60}},
		{ID: "T7b", Work: "first question at the door after the start", Unit: "ms", Against: "the clock", Bar: bar{Enough: 100, Excellent: 30, Smaller: true, Clock: true}},
		{ID: "T8", Work: "reply p99 at 500/s while a run fans out", Unit: "ms", Against: "the same without", Bar: bar{Enough: 5, Excellent: 3, Smaller: true}},
		{ID: "T9", Work: "sends, provider at once", Unit: "/s", Against: "bare loop from a stream", Bar: bar{Enough: .35, Excellent: .5}},
		{ID: "T9b", Work: "sends with many queued against few", Unit: "/s", Against: "itself, few queued", Bar: bar{Enough: .9, Excellent: 1}},
		{ID: "T10", Work: "sends, provider at 100 ms", Unit: "/s", Against: "in flight / latency", Bar: bar{Enough: .85, Excellent: .95}},
		{ID: "T10b", Work: "reply p99 beside a slow account", Unit: "ms", Against: "the quick account alone", Bar: bar{Enough: 1.5, Smaller: true}},
		{ID: "T11", Work: "Redis memory a contact", Unit: "B", Against: "the leanest form", Bar: bar{Enough: 1.25, Excellent: .8, Smaller: true}},
		{ID: "T12", Work: "AOF bytes a reply", Unit: "B", Against: "REF with send", Bar: bar{Enough: 2.5, Excellent: 1.8, Smaller: true}},
		{ID: "T13", Work: "restart until ready, after Redis's own load", Unit: "s", Against: "the clock", Bar: bar{Enough: 2, Excellent: .5, Smaller: true, Clock: true}},
		{ID: "T14", Work: "demo: replies answered", Unit: "/s", Against: "REF on miniredis", Bar: bar{Enough: .3, Excellent: .5}},
		{ID: "T14b", Work: "demo: first page", Unit: "s", Against: "the clock", Bar: bar{Enough: 1, Smaller: true, Clock: true}},
		{ID: "U1", Work: "understanding the median reply", Unit: "us", Against: "the clock", Bar: bar{Enough: 20, Smaller: true, Clock: true}},
		{ID: "U1b", Work: "memory allocated for the median reply", Unit: "B", Against: "the count", Bar: bar{Enough: 4096, Smaller: true, Clock: true}},
	}
}
