package main

import (
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Upper bounds in seconds.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5}

type series struct {
	// One more than the bounds: whatever took longer.
	counts []uint64
	sum    float64
}

// durations are how long requests took, by method and status: http_request_duration_seconds of Prometheus
// (prometheus.io/docs/instrumenting/exposition_formats). A canary is judged by them.
type durations struct {
	mutex  sync.Mutex
	series map[string]*series
}

func newDurations() *durations { return &durations{series: map[string]*series{}} }

func (d *durations) observe(method string, status int, took time.Duration) {
	labels := fmt.Sprintf("method=%q,status=\"%d\"", known(method), status)
	seconds := took.Seconds()
	d.mutex.Lock()
	defer d.mutex.Unlock()
	of := d.series[labels]
	if of == nil {
		of = &series{counts: make([]uint64, len(buckets)+1)}
		d.series[labels] = of
	}
	of.counts[sort.SearchFloat64s(buckets, seconds)]++
	of.sum += seconds
}

// known keeps callers from inventing series.
func known(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

func (d *durations) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprint(w, d.text())
}

func (d *durations) text() string {
	const name = "http_request_duration_seconds"
	d.mutex.Lock()
	defer d.mutex.Unlock()
	all := make([]string, 0, len(d.series))
	for labels := range d.series {
		all = append(all, labels)
	}
	sort.Strings(all)
	var text strings.Builder
	fmt.Fprintf(&text, "# HELP %s How long requests took.\n# TYPE %s histogram\n", name, name)
	for _, labels := range all {
		of, total := d.series[labels], uint64(0)
		for i, count := range of.counts {
			total += count
			bound := "+Inf"
			if i < len(buckets) {
				bound = strconv.FormatFloat(buckets[i], 'g', -1, 64)
			}
			fmt.Fprintf(&text, "%s_bucket{%s,le=%q} %d\n", name, labels, bound, total)
		}
		fmt.Fprintf(&text, "%s_sum{%s} %g\n%s_count{%s} %d\n", name, labels, of.sum, name, labels, total)
	}
	return text.String()
}

// measure notes every request to next.
func (d *durations) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, answer := time.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			// A panic ends the connection; to the caller that is an error as much as 500 is.
			if reason := recover(); reason != nil {
				d.observe(r.Method, http.StatusInternalServerError, time.Since(begun))
				panic(reason)
			}
			d.observe(r.Method, answer.status, time.Since(begun))
		}()
		next.ServeHTTP(answer, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
	sent   bool
}

func (w *statusWriter) WriteHeader(status int) {
	// 1xx comes before the answer.
	if !w.sent && status >= 200 {
		w.status, w.sent = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(bytes []byte) (int, error) {
	w.sent = true
	return w.ResponseWriter.Write(bytes)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
