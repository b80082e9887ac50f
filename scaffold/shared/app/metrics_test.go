package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestDurationsAreCumulativeByStatus(t *testing.T) {
	d := newDurations()
	d.observe("GET", 200, 4*time.Millisecond)
	d.observe("GET", 200, 400*time.Millisecond)
	d.observe("GET", 503, 9*time.Second)
	text := d.text()
	for _, line := range []string{
		`http_request_duration_seconds_bucket{method="GET",status="200",le="0.005"} 1`,
		`http_request_duration_seconds_bucket{method="GET",status="200",le="0.25"} 1`,
		`http_request_duration_seconds_bucket{method="GET",status="200",le="0.5"} 2`,
		`http_request_duration_seconds_bucket{method="GET",status="200",le="+Inf"} 2`,
		`http_request_duration_seconds_count{method="GET",status="200"} 2`,
		`http_request_duration_seconds_bucket{method="GET",status="503",le="5"} 0`,
		`http_request_duration_seconds_count{method="GET",status="503"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s in\n%s", line, text)
		}
	}
}

func TestMeasureNotesStatusAndPanics(t *testing.T) {
	d := newDurations()
	ask := func(next http.HandlerFunc) {
		defer func() { _ = recover() }()
		d.measure(next).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("BREW", "/", nil))
	}
	ask(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	ask(func(http.ResponseWriter, *http.Request) {})
	ask(func(http.ResponseWriter, *http.Request) { panic("no") })
	for _, status := range []string{"418", "200", "500"} {
		if !strings.Contains(d.text(), `_count{method="other",status="`+status+`"} 1`) {
			t.Errorf("status %s is not counted once in\n%s", status, d.text())
		}
	}
}

func TestProbesAreNotMeasured(t *testing.T) {
	server := handler()
	get := func(path string) string {
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
		return answer.Body.String()
	}
	get("/healthz")
	get("/")
	get("/metrics")
	text := get("/metrics")
	if !strings.Contains(text, `_count{method="GET",status="200"} 1`) {
		t.Errorf("one request was to be counted:\n%s", text)
	}
}
