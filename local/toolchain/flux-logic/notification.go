package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	event "github.com/fluxcd/pkg/apis/event/v1beta1"

	notifier "github.com/fluxcd/notification-controller/mooring"
)

type notificationInput struct {
	Provider notifier.Provider `json:"provider"`
	Event    event.Event       `json:"event"`
}

type sentRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// notification posts an event to a Provider and returns the requests that were made. They go to a proxy that answers them all, so nothing
// leaves the machine and addresses are the real ones. A notifier does not look at the scheme, and a proxy sees into http alone.
func notification(ctx context.Context, input notificationInput) ([]sentRequest, error) {
	secure := strings.HasPrefix(input.Provider.Address, "https://")
	var sent []sentRequest
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		headers := map[string]string{}
		for name := range r.Header {
			headers[name] = r.Header.Get(name)
		}
		address := *r.URL
		if secure {
			address.Scheme = "https"
		}
		sent = append(sent, sentRequest{r.Method, address.String(), headers, string(body)})
		// Slack's own answer; the others look at the status alone.
		fmt.Fprint(w, `{"ok":true}`)
	}))
	defer proxy.Close()
	provider := input.Provider
	if secure {
		provider.Address = "http://" + strings.TrimPrefix(provider.Address, "https://")
	}
	sender, err := notifier.Notifier(provider, proxy.URL)
	if err != nil {
		return nil, err
	}
	if err := sender.Post(ctx, input.Event); err != nil {
		return nil, err
	}
	return sent, nil
}
