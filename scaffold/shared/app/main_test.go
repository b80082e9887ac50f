package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func get(t *testing.T, path string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder.Code, recorder.Body.String()
}

func TestAnswers(t *testing.T) {
	if code, body := get(t, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz answers %d %q", code, body)
	}
	if code, body := get(t, "/"); code != http.StatusOK || body != "Hello from dev\n" {
		t.Errorf("/ answers %d %q", code, body)
	}
	if code, _ := get(t, "/nothing"); code != http.StatusNotFound {
		t.Errorf("/nothing answers %d", code)
	}
}

func TestGreeting(t *testing.T) {
	t.Setenv("GREETING", "Moin")
	if _, body := get(t, "/"); body != "Moin from dev\n" {
		t.Errorf("/ answers %q", body)
	}
}

func TestPort(t *testing.T) {
	t.Setenv("PORT", "")
	if got := address(); got != ":8080" {
		t.Errorf("without $PORT it listens on %s", got)
	}
	t.Setenv("PORT", "9000")
	if got := address(); got != ":9000" {
		t.Errorf("with $PORT it listens on %s", got)
	}
}

// A rollout must not cut off who is being served.
func TestFinishesRequestsThatAreUnderWay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, release := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		io.WriteString(w, "whole")
	})
	ctx, terminate := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, slow) }()

	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answered <- string(body)
	}()
	<-begun
	terminate()
	select {
	case err := <-ended:
		t.Fatalf("it ended before the request did: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if body := <-answered; body != "whole" {
		t.Errorf("the request got %q", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}
