// A small web service: what the platform expects of one, and no more.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Less than terminationGracePeriodSeconds in deploy/base, or Kubernetes ends what is still being answered.
const drainTime = 20 * time.Second

// Less than activeDeadlineSeconds of a chart's test, so that it says why it failed.
const checkTime = 60 * time.Second

// version is the image's tag, set by the Dockerfile.
var version = "dev"

func main() {
	// SIGTERM is how Kubernetes asks a pod to end.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	if len(os.Args) == 3 && os.Args[1] == "check" {
		ctx, cancel := context.WithTimeout(ctx, checkTime)
		defer cancel()
		if err := check(ctx, os.Args[2]); err != nil {
			slog.Error("check failed", "error", err)
			os.Exit(1)
		}
		return
	}

	listener, err := net.Listen("tcp", address())
	if err != nil {
		slog.Error("cannot listen", "error", err)
		os.Exit(1)
	}
	slog.Info("listening", "address", listener.Addr().String(), "version", version)
	if err := serve(ctx, listener, handler()); err != nil {
		slog.Error("ended", "error", err)
		os.Exit(1)
	}
}

// address is where the service listens: $PORT, or 8080.
func address() string {
	if port := os.Getenv("PORT"); port != "" {
		return ":" + port
	}
	return ":8080"
}

// greeting shows where settings come from: $GREETING, or Hello.
func greeting() string {
	if greeting := os.Getenv("GREETING"); greeting != "" {
		return greeting
	}
	return "Hello"
}

func handler() http.Handler {
	mux := http.NewServeMux()
	// For the probes in deploy/base.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	durations := newDurations()
	mux.Handle("GET /metrics", durations)

	// What the service is there for; all of it is measured.
	service := http.NewServeMux()
	service.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s from %s\n", greeting(), version)
	})
	mux.Handle("/", durations.measure(service))
	return mux
}

// serve answers until ctx ends, then finishes the requests that are under way.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("requests were cut off: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
